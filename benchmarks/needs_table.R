# The needs table with R's survey: mean and distribution of every item, overall and by three groups.
# Rscript needs_table.R DATA.csv OUT.csv; prints the seconds it took.
suppressMessages(library(survey))
arguments <- commandArgs(trailingOnly = TRUE)
data <- read.csv(arguments[1], stringsAsFactors = TRUE)
items <- grep("^q", names(data), value = TRUE)
for (item in items) data[[paste0("f", item)]] <- factor(data[[item]], levels = 1:5)
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~w, data = data)
found <- list()
seconds <- system.time({
  for (item in items) {
    number <- as.formula(paste0("~", item))
    levels <- as.formula(paste0("~f", item))
    mean <- svymean(number, design, deff = TRUE)
    share <- svymean(levels, design, deff = TRUE)
    confint(share, df = degf(design))
    found[[item]] <- c(coef(mean), SE(mean), coef(share), SE(share))
    for (by in c("age", "sex", "edu")) {
      groups <- as.formula(paste0("~", by))
      means <- svyby(number, groups, design, svymean, deff = TRUE, vartype = c("se", "ci"))
      shares <- svyby(levels, groups, design, svymean, deff = TRUE, vartype = c("se", "ci"))
    }
  }
})
write.table(do.call(rbind, found), arguments[2], sep = ",", col.names = FALSE, row.names = FALSE)
cat(seconds[["elapsed"]], "\n")
