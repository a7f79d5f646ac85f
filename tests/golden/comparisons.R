# Comparisons that golden.csv lacks, from R's survey package. Run: Rscript comparisons.R   (reads the api*.csv here)
# comparisons.csv: case, call, table, group, estimate, se, ndf, ddf, p. 17 significant digits.
suppressMessages(library(survey)); options(digits = 17, survey.lonely.psu = "fail")
rows <- list()
add <- function(case, call, table, group, estimate, se = NA, ndf = NA, ddf = NA, p = NA)
  rows[[length(rows) + 1]] <<- data.frame(case, call, table, group, estimate, se, ndf, ddf, p)
for (n in c("apisrs", "apistrat", "apiclus1", "apiclus2")) {
  d <- read.csv(paste0(n, ".csv"))
  for (v in c("stype", "sch_wide", "comp_imp", "awards", "yr_rnd")) d[[v]] <- factor(d[[v]])
  assign(n, d)
}
designs <- list(
  srs_fpc   = list(svydesign(id = ~1, fpc = ~fpc, weights = ~pw, data = apisrs), "svydesign(id=~1, fpc=~fpc, weights=~pw, data=apisrs)"),
  srs       = list(svydesign(id = ~1, weights = ~pw, data = apisrs), "svydesign(id=~1, weights=~pw, data=apisrs)"),
  strat_fpc = list(svydesign(id = ~1, strata = ~stype, fpc = ~fpc, weights = ~pw, data = apistrat), "svydesign(id=~1, strata=~stype, fpc=~fpc, weights=~pw, data=apistrat)"),
  strat     = list(svydesign(id = ~1, strata = ~stype, weights = ~pw, data = apistrat), "svydesign(id=~1, strata=~stype, weights=~pw, data=apistrat)"),
  clus1_fpc = list(svydesign(id = ~dnum, fpc = ~fpc, weights = ~pw, data = apiclus1), "svydesign(id=~dnum, fpc=~fpc, weights=~pw, data=apiclus1)"),
  clus2     = list(svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = apiclus2), "svydesign(id=~dnum+snum, fpc=~fpc1+fpc2, data=apiclus2)"))

# Rao and Scott: every table of two of these, in everybody and in a domain.
test <- function(name, des, call, a, b, group) {
  f <- as.formula(paste0("~", a, "+", b)); shown <- paste0("svychisq(~", a, "+", b, ", ", call, ", statistic='")
  x <- svychisq(f, des, statistic = "F")
  add(paste0(name, "/rao-scott-F"), paste0(shown, "F')"), paste0(a, "+", b), group, x$statistic[[1]], ndf = x$parameter[[1]], ddf = x$parameter[[2]], p = x$p.value[[1]])
  x <- svychisq(f, des, statistic = "Chisq")
  add(paste0(name, "/rao-scott-chisq"), paste0(shown, "Chisq')"), paste0(a, "+", b), group, x$statistic[[1]], ndf = x$parameter[[1]], p = x$p.value[[1]])
}
for (n in names(designs)) {
  des <- designs[[n]][[1]]; call <- designs[[n]][[2]]
  pairs <- list(c("comp_imp", "awards"), c("yr_rnd", "comp_imp"), c("sch_wide", "stype"), c("awards", "stype"))
  for (ab in pairs) test(n, des, call, ab[1], ab[2], "")
  for (ab in pairs[1:2]) test(n, subset(des, stype == "E"), paste0("subset(", call, ", stype=='E')"), ab[1], ab[2], "stype=E")
}

# Differences: two groups, two answers, two questions, with their covariance. se is that of the difference.
for (n in names(designs)) {
  des <- designs[[n]][[1]]; call <- designs[[n]][[2]]
  for (v in c("comp_imp", "awards")) {
    des <- update(des, yes = as.numeric(get(v) == "Yes")); b <- svyby(~yes, ~stype, des, svymean, covmat = TRUE)
    for (gh in list(c("E", "H"), c("E", "M"), c("H", "M"))) {
      k <- (rownames(b) == gh[1]) - (rownames(b) == gh[2]); x <- svycontrast(b, list(d = k))
      add(paste0(n, "/groups"), paste0("svycontrast(svyby(~I(", v, "=='Yes'), ~stype, ", call, ", svymean, covmat=TRUE), ", gh[1], "-", gh[2], ")"), v, paste0(gh[1], "-", gh[2]), x[[1]], SE(x)[[1]])
    }
  }
  b <- svyby(~api00, ~awards, des, svymean, covmat = TRUE); x <- svycontrast(b, list(d = c(1, -1)))
  add(paste0(n, "/groups"), paste0("svycontrast(svyby(~api00, ~awards, ", call, ", svymean, covmat=TRUE), No-Yes)"), "api00", "No-Yes", x[[1]], SE(x)[[1]])
  if (!grepl("strat", n)) {
    x <- svycontrast(svymean(~stype, des), list(d = c(1, -1, 0)))
    add(paste0(n, "/answers"), paste0("svycontrast(svymean(~stype, ", call, "), E-H)"), "stype", "E-H", x[[1]], SE(x)[[1]])
  }
  x <- svycontrast(svymean(~as.numeric(sch_wide == "Yes") + as.numeric(comp_imp == "Yes"), des), list(d = c(1, -1)))
  add(paste0(n, "/questions"), paste0("svycontrast(svymean(~I(sch_wide=='Yes')+I(comp_imp=='Yes'), ", call, "), c(1,-1))"), "sch_wide-comp_imp", "", x[[1]], SE(x)[[1]])
}

# Two groups where strata have one school or one district (designs.R writes these samples).
one <- read.csv("apilone.csv"); dist <- read.csv("apilonedistricts.csv")
for (v in c("stype", "sch_wide", "comp_imp", "awards")) { one[[v]] <- factor(one[[v]]); dist[[v]] <- factor(dist[[v]]) }
for (o in c("adjust", "average", "remove", "certainty")) {
  options(survey.lonely.psu = o); set <- paste0("options(survey.lonely.psu='", o, "'); ")
  lonely <- list(
    lonely           = list(svydesign(id = ~1, strata = ~stratum, weights = ~pw, data = one), "svydesign(id=~1, strata=~stratum, weights=~pw, data=apilone)"),
    lonely_districts = list(svydesign(id = ~dnum, strata = ~stratum, weights = ~pw, data = dist), "svydesign(id=~dnum, strata=~stratum, weights=~pw, data=apilonedistricts)"))
  for (n in names(lonely)) {
    b <- svyby(~api00, ~awards, lonely[[n]][[1]], svymean, covmat = TRUE); x <- svycontrast(b, list(d = c(1, -1)))
    add(paste0(n, "/", o), paste0(set, "svycontrast(svyby(~api00, ~awards, ", lonely[[n]][[2]], ", svymean, covmat=TRUE), No-Yes)"), "api00", "No-Yes", x[[1]], SE(x)[[1]])
  }
}
options(survey.lonely.psu = "fail")

# Two groups where the weights meet targets (weighting.R says which).
stype <- data.frame(stype = c("E", "H", "M"), Freq = c(4421, 755, 1018))
totals <- c(`(Intercept)` = 6194, stypeH = 755, stypeM = 1018, api99 = 3914069)
for (n in c("srs", "strat", "clus1")) for (m in c("post-stratify", "linear")) {
  given <- designs[[paste0(n, "_fpc")]]; w <- if (m == "linear") calibrate(given[[1]], ~stype + api99, totals) else postStratify(given[[1]], ~stype, stype)
  # R's svyby(covmat = TRUE) fails here; the delta method of four totals is the same linearisation
  w <- update(w, y1 = api00 * (awards == "No"), n1 = 1 * (awards == "No"), y2 = api00 * (awards == "Yes"), n2 = 1 * (awards == "Yes"))
  x <- svycontrast(svytotal(~y1 + n1 + y2 + n2, w), quote(y1 / n1 - y2 / n2))
  add(paste0(n, "/weighted/", m), paste0("svycontrast(svytotal(~I(api00*(awards=='No'))+I(awards=='No')+I(api00*(awards=='Yes'))+I(awards=='Yes'), ", m, " of ", given[[2]], "), y1/n1 - y2/n2)"), "api00", "No-Yes", x[[1]], SE(x)[[1]])
}

# The same from replicate weights (replicates.R writes this sample).
d <- read.csv("apiblocks.csv"); for (v in c("stype", "comp_imp", "awards")) d[[v]] <- factor(d[[v]])
blocks <- svydesign(id = ~dnum, strata = ~block, weights = ~w, data = d); pairs <- svydesign(id = ~dnum, strata = ~pair, weights = ~w, data = subset(d, !is.na(pair)))
replicated <- list(
  `JK1`            = as.svrepdesign(svydesign(id = ~dnum, weights = ~w, data = d), type = "JK1"),
  `JKn-blocks`     = as.svrepdesign(blocks, type = "JKn"),
  `JKn-blocks-mse` = as.svrepdesign(blocks, type = "JKn", mse = TRUE),
  `BRR`            = as.svrepdesign(pairs, type = "BRR"))
for (n in names(replicated)) {
  b <- svyby(~api00, ~awards, replicated[[n]], svymean, covmat = TRUE); x <- svycontrast(b, list(d = c(1, -1)))
  add(paste0(n, "/groups"), paste0("svycontrast(svyby(~api00, ~awards, as.svrepdesign(... apiblocks, ", n, "), svymean, covmat=TRUE), No-Yes)"), "api00", "No-Yes", x[[1]], SE(x)[[1]])
  test(n, replicated[[n]], paste0("as.svrepdesign(... apiblocks, ", n, ")"), "comp_imp", "awards", "")
  test(n, replicated[[n]], paste0("as.svrepdesign(... apiblocks, ", n, ")"), "awards", "stype", "")
}

# How groups hang together where clusters were drawn: estimate is the covariance, p the correlation.
together <- function(n, des, call) for (v in c("comp_imp", "awards")) {
  des <- update(des, yes = as.numeric(get(v) == "Yes")); c <- vcov(svyby(~yes, ~stype, des, svymean, covmat = TRUE)); g <- c("E", "H", "M")
  for (ij in list(c(1, 2), c(1, 3), c(2, 3))) { i <- ij[1]; j <- ij[2]
    add(paste0(n, "/together"), paste0("vcov(svyby(~I(", v, "=='Yes'), ~stype, ", call, ", svymean, covmat=TRUE))"), v, paste0(g[i], "-", g[j]), c[i, j], p = c[i, j] / sqrt(c[i, i] * c[j, j]))
  }
}
for (n in c("clus1_fpc", "clus2")) together(n, designs[[n]][[1]], designs[[n]][[2]])
for (n in names(replicated)) together(n, replicated[[n]], paste0("as.svrepdesign(... apiblocks, ", n, ")"))

# Two independent samples, as two waves are.
for (v in c("comp_imp", "awards", "sch_wide")) {
  of <- function(n) svymean(as.formula(paste0("~as.numeric(", v, " == 'Yes')")), designs[[n]][[1]])
  for (two in list(c("srs_fpc", "strat_fpc"), c("strat", "clus1_fpc"))) {
    one <- of(two[1]); other <- of(two[2])
    add("two-samples", paste0("svymean(~I(", v, "=='Yes'), ", two[1], ") - the same of ", two[2], "; sqrt(SE^2 + SE^2)"), v, paste0(two[1], "-", two[2]), one[[1]] - other[[1]], sqrt(SE(one)[[1]]^2 + SE(other)[[1]]^2))
  }
}

# Two waves of a panel: schools in 1999 and in 2000, some in one of them only. The stacked answers, schools as units.
for (n in c("srs", "srs_fpc", "strat", "strat_fpc")) {
  d <- get(if (grepl("srs", n)) "apisrs" else "apistrat"); place <- seq_len(nrow(d)) %% 3
  d <- rbind(cbind(d[place != 0, ], wave = 1, y = d$api99[place != 0]), cbind(d[place != 1, ], wave = 2, y = d$api00[place != 1]))
  des <- if (grepl("srs", n)) { if (grepl("fpc", n)) svydesign(id = ~snum, fpc = ~fpc, weights = ~pw, data = d) else svydesign(id = ~snum, weights = ~pw, data = d) } else { if (grepl("fpc", n)) svydesign(id = ~snum, strata = ~stype, fpc = ~fpc, weights = ~pw, data = d) else svydesign(id = ~snum, strata = ~stype, weights = ~pw, data = d) }
  b <- svyby(~y, ~wave, des, svymean, covmat = TRUE); x <- svycontrast(b, list(d = c(1, -1))); v <- vcov(b)
  add(paste0(n, "/panel"), "svycontrast(svyby(~api, ~wave, svydesign(id=~snum, ...the same, data=stacked waves: rows not divisible by 3 with api99, rows not 1 modulo 3 with api00), svymean, covmat=TRUE), c(1,-1)); p: the correlation", "api", "1999-2000", x[[1]], SE(x)[[1]], p = v[1, 2] / sqrt(v[1, 1] * v[2, 2]))
}

# Holm (stats).
p <- c(0.01, 0.04, 0.03, 0.005, 0.2, 0.0004)
for (i in seq_along(p)) add("holm", "p.adjust(c(0.01, 0.04, 0.03, 0.005, 0.2, 0.0004), 'holm')", "", as.character(i), p[i], p = p.adjust(p, "holm")[i])
out <- do.call(rbind, rows); for (v in c("estimate", "se", "ndf", "ddf", "p")) out[[v]] <- ifelse(is.na(out[[v]]), "", formatC(out[[v]], digits = 17, format = "g"))
out$r <- paste(R.version$major, R.version$minor, sep = "."); out$survey <- as.character(packageVersion("survey"))
write.csv(out, "comparisons.csv", row.names = FALSE, na = ""); cat(nrow(out), "values\n")
