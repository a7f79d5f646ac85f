# Golden values of two waves from R's survey package. Run: Rscript waves.R   (after golden.R, which writes the api*.csv).
# Writes waves.csv beside this file, as golden.csv. Waves:
#   independent: apisrs is the first, apistrat the second; two samples drawn without regard to each other.
#   panel: the schools 1-150 of apisrs with their index of 1999 are the first, the schools 51-200 with that of 2000 the
#     second; a school is a cluster of the stacked rows, so that the errors hold the covariance of the two waves.
# `high`: an index of 700 or more. The limits "mover" are computed here from R's own limits of each wave (Newcombe 1998,
# method 10; Zou and Donner 2008).
suppressMessages(library(survey)); options(digits = 17, warn = 1)
srs <- read.csv("apisrs.csv"); strat <- read.csv("apistrat.csv")
rows <- list()
add <- function(case, call, variable, estimate, se = NA, lower = NA, upper = NA)
  rows[[length(rows) + 1]] <<- data.frame(case, call, variable, level = "", by = "", group = "", estimate, se, lower, upper, df = NA)
wave <- function(d, number, index, strata) data.frame(wave = number, school = d$cds, pw = d$pw, strata = strata, index = index, high = as.numeric(index >= 700))
independent <- rbind(wave(srs, 1, srs$api00, "all"), wave(strat, 2, strat$api00, strat$stype))
independent$school <- paste(independent$wave, independent$school); independent$strata <- paste(independent$wave, independent$strata)
panel <- rbind(wave(srs[1:150, ], 1, srs$api99[1:150], "all"), wave(srs[51:200, ], 2, srs$api00[51:200], "all"))
designs <- list(independent = svydesign(id = ~school, strata = ~strata, weights = ~pw, data = independent),
                panel = svydesign(id = ~school, weights = ~pw, data = panel))
calls <- list(independent = "svydesign(id=~school, strata=~strata, weights=~pw, data=both waves)",
              panel = "svydesign(id=~school, weights=~pw, data=both waves)")
for (case in names(designs)) for (v in c("high", "index")) {
  d <- designs[[case]]; f <- as.formula(paste0("~", v))
  by <- svyby(f, ~wave, d, svymean, covmat = TRUE)
  change <- svycontrast(by, c(-1, 1))
  add(paste0(case, "/change"), paste0("svycontrast(svyby(~", v, ", ~wave, ", calls[[case]], ", svymean, covmat=TRUE), c(-1,1)); confint"),
      v, change[[1]], SE(change)[[1]], confint(change)[1], confint(change)[2])
  if (case == "panel") { of <- vcov(by); add("panel/correlation", "vcov of the same, as a correlation", v, of[1, 2] / sqrt(of[1, 1] * of[2, 2])) }
  limits <- sapply(1:2, function(w) {
    one <- if (case == "panel") svydesign(id = ~school, weights = ~pw, data = panel[panel$wave == w, ]) else subset(d, wave == w)
    if (v == "high") as.numeric(confint(svyciprop(~high, one, method = "xlogit"))) else as.numeric(confint(svymean(f, one), df = degf(one)))
  })
  theta <- as.numeric(coef(by)); l <- limits[1, ]; u <- limits[2, ]
  for (w in 1:2) add(paste0(case, "/wave", w), paste0(if (v == "high") "svyciprop(method='xlogit')" else "confint(svymean, df=degf)", " of wave ", w), v, theta[w], NA, l[w], u[w])
  add(paste0(case, "/mover"), "theta2 - theta1 -/+ sqrt((theta2 - l2)^2 + (u1 - theta1)^2)", v, theta[2] - theta[1], NA,
      theta[2] - theta[1] - sqrt((theta[2] - l[2])^2 + (u[1] - theta[1])^2), theta[2] - theta[1] + sqrt((u[2] - theta[2])^2 + (theta[1] - l[1])^2))
}
out <- do.call(rbind, rows)
for (column in c("estimate", "se", "lower", "upper")) out[[column]] <- formatC(as.numeric(out[[column]]), digits = 17, format = "g", width = 1)
out$r <- as.character(getRversion()); out$survey <- as.character(packageVersion("survey"))
write.csv(out, "waves.csv", row.names = FALSE, na = "")
