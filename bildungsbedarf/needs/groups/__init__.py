"""Who lacks more: groups against each other, crossed, ordered, adjusted."""
