"""The handbook: ``make docs`` builds it into build/docs; every warning is an error there."""

from __future__ import annotations

from importlib.metadata import version as version_of

project = "bildungsbedarf"
version = release = version_of("bildungsbedarf")
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["tutorials/beispiel/*"]
html_theme = "furo"
html_title = "bildungsbedarf"
html_show_sphinx = False
# tutorials are shown as they were committed; tests run them
nb_execution_mode = "off"
# what a page of a run is built from, beside the HTML that is shown here
suppress_warnings = ["mystnb.unknown_mime_type"]
myst_heading_anchors = 3
napoleon_google_docstring = False
autodoc_typehints = "none"
autodoc_member_order = "bysource"
