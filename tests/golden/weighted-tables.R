# Whole tables of weighted samples: shares, means and quantiles, in all and by group, as a publication has them.
# Run in this directory: Rscript weighted-tables.R   (Debian: apt-get install r-cran-survey). Reads api*.csv, writes
# weighted-tables.csv: case, call, variable, level, by, group, estimate, se, lower, upper, df, deff. 17 significant digits.
# `calibrate` and `rake` are iterated to their limits, as in weighting.R, where it is said why.
suppressMessages(library(survey)); options(digits = 17, survey.lonely.psu = "fail")
rows <- list()
add <- function(case, call, variable, level, by, group, estimate, se, lower = NA, upper = NA, df = NA, deff = NA)
  rows[[length(rows) + 1]] <<- data.frame(case, call, variable, level, by, group, estimate, se, lower, upper, df, deff)
read <- function(n) {
  d <- read.csv(paste0(n, ".csv"), strip.white = TRUE)
  for (v in c("stype", "sch_wide", "comp_imp", "awards")) d[[v]] <- factor(d[[v]])
  d
}
apisrs <- read("apisrs"); apistrat <- read("apistrat"); apiclus1 <- read("apiclus1")
designs <- list(
  srs = svydesign(id = ~1, fpc = ~fpc, weights = ~pw, data = apisrs),
  strat = svydesign(id = ~1, strata = ~stype, fpc = ~fpc, weights = ~pw, data = apistrat),
  clus1 = svydesign(id = ~dnum, fpc = ~fpc, weights = ~pw, data = apiclus1))
stype <- data.frame(stype = c("E", "H", "M"), Freq = c(4421, 755, 1018))
wide <- data.frame(sch_wide = c("No", "Yes"), Freq = c(1072, 5122))
comp <- data.frame(comp_imp = c("No", "Yes"), Freq = c(1717, 4477))
cross <- data.frame(stype = rep(c("E", "H", "M"), 2), comp_imp = rep(c("No", "Yes"), each = 3), Freq = c(952, 421, 344, 3469, 334, 674))
totals <- c(`(Intercept)` = 6194, stypeH = 755, stypeM = 1018, api99 = 3914069)
plain <- c(`(Intercept)` = 6194, stypeH = 755, stypeM = 1018, sch_wideYes = 5122)
many <- function(d) { d$postStrata <- rep(d$postStrata, 20); d }
trimmed <- function(d) { cut <- signif(quantile(weights(d), c(0.025, 0.975), names = FALSE) + c(0.001, -0.001), 7)
  list(d = trimWeights(d, lower = cut[[1]], upper = cut[[2]]), cut = cut) }
methods <- list(
  `post-stratify` = list(function(d) postStratify(d, ~stype, stype), "postStratify(D, ~stype, stype)"),
  crossed = list(function(d) postStratify(d, ~stype + comp_imp, cross), "postStratify(D, ~stype+comp_imp, cross)"),
  rake = list(function(d) many(rake(d, list(~stype, ~sch_wide, ~comp_imp), list(stype, wide, comp), control = list(maxit = 10000, epsilon = 1e-14))), "many(rake(D, list(~stype, ~sch_wide, ~comp_imp), list(stype, wide, comp)))"),
  linear = list(function(d) calibrate(d, ~stype + api99, totals), "calibrate(D, ~stype+api99, totals)"),
  `linear-margins` = list(function(d) calibrate(d, ~stype + sch_wide, plain), "calibrate(D, ~stype+sch_wide, plain)"),
  logit = list(function(d) calibrate(d, ~stype + api99, totals, calfun = "logit", bounds = c(0.5, 1.6), epsilon = 1e-13, maxit = 1000), "calibrate(D, ~stype+api99, totals, calfun='logit', bounds=c(0.5, 1.6))"))
tables <- function(case, call, r) {
  for (v in c("awards", "sch_wide", "stype")) {
    m <- svymean(reformulate(v), r, deff = TRUE)
    for (k in seq_along(levels(r$variables[[v]]))) {
      l <- levels(r$variables[[v]])[[k]]; p <- suppressWarnings(svyciprop(as.formula(sprintf("~I(%s == '%s')", v, l)), r, method = "xlogit"))
      explained <- SE(m)[[k]] < 1e-10   # the targets say it: no interval, and R's design effect is noise over a number
      add(paste0(case, "/share"), sprintf("svymean(~%s, %s)", v, call), v, l, "", "", m[[k]], if (explained) 0 else SE(m)[[k]], if (explained) NA else attr(p, "ci")[[1]], if (explained) NA else attr(p, "ci")[[2]], degf(r), if (explained) NA else deff(m)[[k]])
    }
    for (by in c("comp_imp", "stype")) if (by != v) {
      b <- svyby(reformulate(v), reformulate(by), r, svymean)
      for (g in rownames(b)) for (l in levels(r$variables[[v]]))
        add(paste0(case, "/share-by"), sprintf("svyby(~%s, ~%s, %s, svymean)", v, by, call), v, l, by, g, b[g, paste0(v, l)], b[g, paste0("se.", v, l)], df = degf(r[r$variables[[by]] == g, ]))
    }
  }
  for (v in c("api00", "enroll")) {
    d <- subset(r, !is.na(r$variables[[v]])); f <- reformulate(v)
    m <- svymean(f, d, deff = TRUE); ci <- confint(m, df = degf(d))
    add(paste0(case, "/mean"), sprintf("svymean(~%s, %s)", v, call), v, "", "", "", m[[1]], SE(m)[[1]], ci[[1]], ci[[2]], degf(d), deff(m)[[1]])
    b <- svyby(f, ~comp_imp, d, svymean)
    for (g in rownames(b)) add(paste0(case, "/mean-by"), sprintf("svyby(~%s, ~comp_imp, %s, svymean)", v, call), v, "", "comp_imp", g, b[g, v], SE(b)[[which(rownames(b) == g)]])
    for (q in c(.25, .5, .75)) {
      z <- svyquantile(f, d, q, interval.type = "mean", qrule = "math", ci = TRUE, df = degf(d))[[1]]
      add(paste0(case, "/quantile"), sprintf("svyquantile(~%s, %s, %s, interval.type='mean', qrule='math')", v, call, q), v, as.character(q), "", "", z[1, "quantile"], z[1, "se"], z[1, "ci.2.5"], z[1, "ci.97.5"])
      for (g in levels(d$variables$comp_imp)) {
        e <- d[d$variables$comp_imp == g, ]; z <- svyquantile(f, e, q, interval.type = "mean", qrule = "math", ci = TRUE, df = degf(e))[[1]]
        add(paste0(case, "/quantile-by"), sprintf("svyquantile(~%s, subset(%s, comp_imp == '%s'), %s, interval.type='mean', qrule='math')", v, call, g, q), v, as.character(q), "comp_imp", g, z[1, "quantile"], z[1, "se"], z[1, "ci.2.5"], z[1, "ci.97.5"])
      }
    }
  }
}
for (n in names(designs)) for (m in names(methods)) {
  if (m == "logit" && n == "strat") next   # its factors lie near 1; weighting.R has narrower bounds
  r <- methods[[m]][[1]](designs[[n]]); call <- sub("D", n, methods[[m]][[2]])
  tables(paste0(n, "/", m), call, r)
  if (m %in% c("rake", "linear")) { t <- trimmed(r); tables(paste(n, m, "trim", t$cut[[1]], t$cut[[2]], sep = "/"), sprintf("trimWeights(%s, lower=%s, upper=%s)", call, t$cut[[1]], t$cut[[2]]), t$d) }
}
out <- do.call(rbind, rows); for (v in c("estimate", "se", "lower", "upper", "df", "deff")) out[[v]] <- formatC(out[[v]], digits = 17, format = "g", width = 1)
out$r <- paste(R.version$major, R.version$minor, sep = "."); out$survey <- as.character(packageVersion("survey"))
write.csv(out, "weighted-tables.csv", row.names = FALSE, na = ""); cat(nrow(out), "golden values of weighted tables\n")
