# What golden.R lacks of weighting. Run in this directory: Rscript weighting.R   (Debian: apt-get install r-cran-survey)
# Reads api*.csv, writes weighting.csv: case, call, statistic, variable, by, group, estimate, se. 17 significant digits.
#
# Two things in R are iterated and stop early. `calibrate` is told epsilon = 1e-13, `rake` epsilon = 1e-14 (times the sum
# of the weights), so that their weights are those of the limit. The errors after `rake` come from ten rounds of
# alternating projections, written into `svyrecvar`: here the raking is listed 20 times in `postStrata`, which makes it
# 200 rounds and changes nothing else; the values after R's own ten are the cases "…/ten-rounds".
suppressMessages(library(survey)); options(digits = 17, survey.lonely.psu = "fail")
rows <- list()
add <- function(case, call, statistic, variable, by, group, estimate, se = NA)
  rows[[length(rows) + 1]] <<- data.frame(case, call, statistic, variable, by, group, estimate, se)
read <- function(n) {
  d <- read.csv(paste0(n, ".csv"), strip.white = TRUE)
  for (v in c("stype", "sch_wide", "comp_imp")) d[[v]] <- factor(d[[v]])
  d
}
apisrs <- read("apisrs"); apistrat <- read("apistrat"); apiclus1 <- read("apiclus1")
designs <- list(
  srs = list(svydesign(id = ~1, fpc = ~fpc, weights = ~pw, data = apisrs), "svydesign(id=~1, fpc=~fpc, weights=~pw, data=apisrs)"),
  strat = list(svydesign(id = ~1, strata = ~stype, fpc = ~fpc, weights = ~pw, data = apistrat), "svydesign(id=~1, strata=~stype, fpc=~fpc, weights=~pw, data=apistrat)"),
  clus1 = list(svydesign(id = ~dnum, fpc = ~fpc, weights = ~pw, data = apiclus1), "svydesign(id=~dnum, fpc=~fpc, weights=~pw, data=apiclus1)"))
stype <- data.frame(stype = c("E", "H", "M"), Freq = c(4421, 755, 1018))
wide <- data.frame(sch_wide = c("No", "Yes"), Freq = c(1072, 5122))
comp <- data.frame(comp_imp = c("No", "Yes"), Freq = c(1717, 4477))
cross <- data.frame(stype = rep(c("E", "H", "M"), 2), comp_imp = rep(c("No", "Yes"), each = 3), Freq = c(952, 421, 344, 3469, 334, 674))
totals <- c(`(Intercept)` = 6194, stypeH = 755, stypeM = 1018, api99 = 3914069)
plain <- c(`(Intercept)` = 6194, stypeH = 755, stypeM = 1018, sch_wideYes = 5122)
tight <- list(maxit = 10000, epsilon = 1e-14)
bounded <- function(d, fun, low, high) calibrate(d, ~stype + api99, totals, calfun = fun, bounds = c(low, high), epsilon = 1e-13, maxit = 1000)
methods <- list(
  `post-stratify` = list(function(d) postStratify(d, ~stype, stype), "postStratify(%s, ~stype, stype)"),
  crossed = list(function(d) postStratify(d, ~stype + comp_imp, cross), "postStratify(%s, ~stype+comp_imp, cross)"),
  rake = list(function(d) rake(d, list(~stype, ~sch_wide, ~comp_imp), list(stype, wide, comp), control = tight), "rake(%s, list(~stype, ~sch_wide, ~comp_imp), list(stype, wide, comp), list(maxit=10000, epsilon=1e-14))"),
  linear = list(function(d) calibrate(d, ~stype + api99, totals), "calibrate(%s, ~stype+api99, totals)"),
  `linear-margins` = list(function(d) calibrate(d, ~stype + sch_wide, plain), "calibrate(%s, ~stype+sch_wide, plain)"),
  `linear-bounds` = list(function(d) bounded(d, "linear", low, high), "calibrate(%s, ~stype+api99, totals, calfun='linear', bounds=c(LOW, HIGH), epsilon=1e-13, maxit=1000)"),
  raking = list(function(d) bounded(d, "raking", -Inf, Inf), "calibrate(%s, ~stype+api99, totals, calfun='raking', epsilon=1e-13, maxit=1000)"),
  `raking-bounds` = list(function(d) bounded(d, "raking", low, high), "calibrate(%s, ~stype+api99, totals, calfun='raking', bounds=c(LOW, HIGH), epsilon=1e-13, maxit=1000)"),
  logit = list(function(d) bounded(d, "logit", low, high), "calibrate(%s, ~stype+api99, totals, calfun='logit', bounds=c(LOW, HIGH), epsilon=1e-13, maxit=1000)"))
# narrower than the factors of the linear calibration, so that the bounds bind, and wide enough to be met
limits <- list(srs = c(0.92, 1.1), strat = c(0.975, 1.03), clus1 = c(0.5, 1.6))
many <- function(d) { d$postStrata <- rep(d$postStrata, 20); d }
given <- function(d, variable) subset(d, !is.na(d$variables[[variable]]))
written <- function(r, case, call) {
  w <- weights(r)
  add(case, call, "weights", "min", "", "", min(w)); add(case, call, "weights", "max", "", "", max(w))
  add(case, call, "weights", "sum of squares", "", "", sum(w^2))
  for (v in c("api00", "enroll")) for (f in c("svymean", "svytotal")) {
    e <- get(f)(reformulate(v), given(r, v))
    add(case, sprintf("%s(~%s, %s)", f, v, call), f, v, "", "", e[[1]], SE(e)[[1]])
    b <- svyby(reformulate(v), ~comp_imp, given(r, v), get(f))
    for (g in rownames(b)) add(case, sprintf("svyby(~%s, ~comp_imp, %s, %s)", v, call, f), f, v, "comp_imp", g, b[g, v], SE(b)[[which(rownames(b) == g)]])
  }
}
for (n in names(designs)) for (m in names(methods)) {
  d <- designs[[n]][[1]]; low <- limits[[n]][[1]]; high <- limits[[n]][[2]]
  call <- gsub("HIGH", high, gsub("LOW", low, sprintf(methods[[m]][[2]], designs[[n]][[2]])))
  r <- methods[[m]][[1]](d)
  if (m == "rake") { written(r, paste0(n, "/rake/ten-rounds"), call); r <- many(r); call <- paste("postStrata repeated 20 times in", call) }
  written(r, paste0(n, "/", m), call)
  # limits that cut some weights at both ends; where many weights are alike, R's strict trimming calls itself for ever
  cut <- signif(quantile(weights(r), c(0.025, 0.975), names = FALSE) + c(0.001, -0.001), 7)
  for (strict in if (m == "rake") FALSE else if (m %in% c("linear", "logit")) c(FALSE, TRUE))
    written(trimWeights(r, lower = cut[[1]], upper = cut[[2]], strict = strict), paste(c(n, m, if (strict) "trim-strict" else "trim", cut), collapse = "/"),
            sprintf("trimWeights(%s, lower=%s, upper=%s, strict=%s)", call, cut[[1]], cut[[2]], strict))
}
out <- do.call(rbind, rows); for (v in c("estimate", "se")) out[[v]] <- formatC(out[[v]], digits = 17, format = "g", width = 1)
out$r <- paste(R.version$major, R.version$minor, sep = "."); out$survey <- as.character(packageVersion("survey"))
write.csv(out, "weighting.csv", row.names = FALSE, na = ""); cat(nrow(out), "golden values of weighting\n")
