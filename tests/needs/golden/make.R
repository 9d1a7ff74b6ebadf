# Needs measures by R's survey 4.1.1, and the Fay-Herriot model by sae 1.3, on made-up people and areas.
# Rscript make.R (in this folder) writes results.csv: case, estimate, se.
suppressMessages({library(survey); library(sae)})
data <- read.csv("people.csv", stringsAsFactors = TRUE)
out <- data.frame()
keep <- function(case, estimate, se) out <<- rbind(out, data.frame(case = case, estimate = as.vector(estimate), se = as.vector(se)))
control <- glm.control(epsilon = 1e-14, maxit = 100)
for (item in c("A", "B", "C")) {
  i <- data[[paste0("I", item)]]; s <- data[[paste0("S", item)]]
  i[is.na(s)] <- NA; s[is.na(i)] <- NA
  data$i <- i; data$g <- i - s
  data$rds <- 100 * ((s > i) - (s < i))
  data$u <- as.numeric(i >= 4 & s <= 2)
  data$high <- ifelse(i >= 4, data$u, NA)
  d <- svydesign(ids = ~psu, strata = ~s, weights = ~w, data = data, nest = TRUE)
  name <- function(what) paste(what, item, sep = "/")
  for (v in c("g", "rds", "u", "high")) {
    m <- svymean(reformulate(v), d, na.rm = TRUE)
    keep(name(v), coef(m), SE(m))
  }
  both <- svymean(~g + i, subset(d, !is.na(g)))
  product <- svycontrast(both, quote(g * i))
  keep(name("mwds"), coef(product), SE(product))
  for (level in levels(data$edu)) {
    d <- update(d, own = as.numeric(edu == level))
    linear <- svyglm(u ~ own, d)
    keep(paste("difference", item, level, sep = "/"), coef(linear)[2], SE(linear)[2])
    logs <- svyglm(u ~ own, d, family = quasipoisson, control = control)
    keep(paste("log ratio", item, level, sep = "/"), coef(logs)[2], SE(logs)[2])
  }
  shares <- svytable(~edu, d); shares <- shares / sum(shares)
  middle <- cumsum(shares) - shares / 2
  d <- update(d, rank = as.vector(middle[as.character(edu)]))
  sii <- svyglm(u ~ rank, d)
  keep(name("sii"), coef(sii)[2], SE(sii)[2])
  rii <- svyglm(u ~ rank, d, family = quasipoisson, control = control)
  keep(name("log rii"), coef(rii)[2], SE(rii)[2])
  fit <- svyglm(u ~ relevel(edu, "e2") + sex, d, family = quasibinomial, control = control)
  used <- !is.na(data$u)
  x <- model.matrix(~ relevel(edu, "e2") + sex, data)[used, ]
  w <- data$w[used]
  for (k in 2:4) {
    x0 <- x; x0[, 2:4] <- 0; x1 <- x0; x1[, k] <- 1
    p1 <- plogis(x1 %*% coef(fit)); p0 <- plogis(x0 %*% coef(fit))
    gradient <- (t(w * p1 * (1 - p1)) %*% x1 - t(w * p0 * (1 - p0)) %*% x0) / sum(w)
    keep(paste("ame", item, k - 1, sep = "/"), sum(w * (p1 - p0)) / sum(w), sqrt(gradient %*% vcov(fit) %*% t(gradient)))
  }
}
data$all <- data$TX + data$TY + data$TZ
d <- svydesign(ids = ~psu, strata = ~s, weights = ~w, data = data, nest = TRUE)
for (box in c("TX", "TY", "TZ")) {
  r <- svyratio(reformulate(box), ~all, d)
  keep(paste("mentions", box, sep = "/"), coef(r), SE(r))
}
complete <- complete.cases(data[, c("IA", "IB", "IC")])
d <- subset(d, complete)
m <- svymean(~IA + IB + IC + I(IA * IA) + I(IB * IB) + I(IC * IC) + I(IA * IB) + I(IA * IC) + I(IB * IC), d)
names(m) <- c("qa", "qb", "qc", "qaa", "qbb", "qcc", "qab", "qac", "qbc")
dimnames(attr(m, "var")) <- list(names(m), names(m))
alpha <- svycontrast(m, quote(3 / 2 * (1 - (qaa - qa^2 + qbb - qb^2 + qcc - qc^2) /
  (qaa - qa^2 + qbb - qb^2 + qcc - qc^2 + 2 * (qab - qa * qb) + 2 * (qac - qa * qc) + 2 * (qbc - qb * qc)))))
keep("alpha/three", coef(alpha), SE(alpha))
brown <- svycontrast(m, quote(2 * ((qab - qa * qb) / sqrt((qaa - qa^2) * (qbb - qb^2))) /
  (1 + (qab - qa * qb) / sqrt((qaa - qa^2) * (qbb - qb^2)))))
keep("spearman-brown/AB", coef(brown), SE(brown))
areas <- read.csv("areas.csv")
model <- mseFH(direct ~ x1 + x2, variance, data = areas, PRECISION = 1e-14, MAXITER = 1000)
keep("fh/estimate", model$est$eblup, sqrt(model$mse))
keep("fh/beta", model$est$fit$estcoef$beta, NA)
keep("fh/variance", model$est$fit$refvar, NA)
out$estimate <- sprintf("%.15g", out$estimate)
out$se <- ifelse(is.na(out$se), "", sprintf("%.15g", out$se))
write.csv(out, "results.csv", row.names = FALSE, quote = FALSE)
