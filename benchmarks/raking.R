# Raking to four margins with R's survey. Rscript raking.R DATA.csv MARGINS.csv OUT.csv; prints the seconds.
suppressMessages(library(survey))
arguments <- commandArgs(trailingOnly = TRUE)
data <- read.csv(arguments[1], stringsAsFactors = TRUE)
data$stratum <- factor(data$stratum)
margins <- read.csv(arguments[2])
design <- svydesign(ids = ~1, weights = ~w, data = data)
names <- unique(margins$variable)
formulas <- lapply(names, function(name) as.formula(paste0("~", name)))
totals <- lapply(names, function(name) {
  part <- margins[margins$variable == name, ]
  setNames(data.frame(part$category, part$total), c(name, "Freq"))
})
seconds <- system.time(raked <- rake(design, formulas, totals, control = list(maxit = 200, epsilon = 1e-13)))
write.table(weights(raked), arguments[3], col.names = FALSE, row.names = FALSE)
cat(seconds[["elapsed"]], "\n")
