# Further results of R's survey 4.1.1 where ../shared/golden has none, on made-up people.
# Rscript make.R (in this folder) writes results.csv: case, number, estimate, se.
suppressMessages({library(survey); library(MASS)})
data <- read.csv("people.csv", stringsAsFactors = TRUE)
data$fitem <- factor(data$item)
out <- data.frame()
keep <- function(case, estimate, se) {
  estimate <- as.vector(estimate)
  out <<- rbind(out, data.frame(case = case, number = seq_along(estimate), estimate = estimate, se = as.vector(unlist(se))))
}
both <- function(case, stat) keep(case, coef(stat), SE(stat))
by <- function(case, formula, design, what = svymean, ...) {
  found <- svyby(formula, ~area, design, what, na.rm = TRUE, ...)
  keep(case, coef(found), SE(found))
}
control <- list(maxit = 500, epsilon = 1e-12)

strat <- svydesign(ids = ~1, strata = ~s, weights = ~w, data = data)
clus <- svydesign(ids = ~psu, strata = ~s, weights = ~w, data = data, nest = TRUE)
two <- svydesign(ids = ~psu + ssu, strata = ~s, weights = ~w, fpc = ~f1 + f2, data = data, nest = TRUE)
sexes <- data.frame(sex = c("f", "m"), Freq = c(520, 480))
groups <- data.frame(area = c("a", "b", "c"), Freq = c(500, 300, 200))
designs <- list(
  strat = strat, clus = clus, two = two,
  strat_post = postStratify(strat, ~area, groups),
  clus_post = postStratify(clus, ~area, groups),
  two_post = postStratify(two, ~area, groups),
  strat_rake = rake(strat, list(~area, ~sex), list(groups, sexes), control = control),
  clus_rake = rake(clus, list(~area, ~sex), list(groups, sexes), control = control),
  strat_linear = calibrate(strat, ~sex + z, c(`(Intercept)` = 1000, sexm = 480, z = 4100)),
  clus_linear = calibrate(clus, ~sex + z, c(`(Intercept)` = 1000, sexm = 480, z = 4100)),
  jkn = as.svrepdesign(clus, type = "JKn"),
  jkn_mse = as.svrepdesign(clus, type = "JKn", mse = TRUE),
  jkn_rake = rake(as.svrepdesign(clus, type = "JKn"), list(~area, ~sex), list(groups, sexes), control = control)
)
for (name in names(designs)) {
  d <- designs[[name]]
  case <- function(what) paste(name, what, sep = "/")
  both(case("mean"), svymean(~y + item, d, na.rm = TRUE))
  by(case("mean_by"), ~y, d)
  by(case("total_by"), ~z, d, svytotal)
  by(case("share_by"), ~fitem, subset(d, !is.na(item)))
  both(case("ratio"), svyratio(~z, ~age, d))
  both(case("variance"), svyvar(~z, d))
  both(case("domain"), svymean(~y, subset(d, age > 50), na.rm = TRUE))
  both(case("domain_total"), svytotal(~z, subset(d, age > 50)))
  found <- svyquantile(~z, d, c(0.25, 0.5, 0.9), ci = TRUE, interval.type = "mean")
  keep(case("quantile"), coef(found), SE(found))
  found <- svyquantile(~z, subset(d, age > 50), 0.5, ci = TRUE, interval.type = "xlogit")
  keep(case("quantile_domain"), coef(found), SE(found))
  test <- svychisq(~sex + area, d, statistic = "F")
  keep(case("chisq"), c(test$statistic, test$parameter, test$p.value), 0)
  test <- svyttest(z ~ sex, d)
  keep(case("ttest"), c(test$estimate, test$statistic, test$p.value), 0)
  both(case("gaussian"), svyglm(z ~ age + area, d))
  both(case("binomial"), svyglm(yes ~ z + sex, d, family = quasibinomial()))
  both(case("poisson"), svyglm(count ~ z + area, d, family = quasipoisson()))
}
# with its default control, optim stops two or three digits short of the maximum
for (name in c("strat", "clus", "two")) {
  d <- designs[[name]]
  fit <- svyolr(fitem ~ z + area, d, control = list(reltol = 1e-16, maxit = 5000))
  both(paste(name, "ordinal", sep = "/"), fit)
}
# balanced repeated replication: two units a stratum
halves <- svydesign(ids = ~half, strata = ~s, weights = ~w, data = data, nest = TRUE)
for (rho in c(0, 0.3)) {
  d <- as.svrepdesign(halves, type = if (rho == 0) "BRR" else "Fay", fay.rho = rho)
  name <- paste0("fay", rho)
  write.csv(weights(d, "analysis"), paste0("replicates_", name, ".csv"), row.names = FALSE)
  both(paste0(name, "/mean"), svymean(~z + age, d))
  both(paste0(name, "/glm"), svyglm(z ~ age, d))
}
out$estimate <- format(out$estimate, digits = 17, scientific = TRUE)
out$se <- format(out$se, digits = 17, scientific = TRUE)
write.csv(out, "results.csv", row.names = FALSE, quote = FALSE)
