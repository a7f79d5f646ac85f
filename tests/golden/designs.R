# What golden.R lacks of designs, from R's survey package. Run: Rscript designs.R   (Debian: apt-get install r-cran-survey)
# Reads the samples beside this file; writes designs.csv: case, call, variable, level, by, group, estimate, se, lower,
# upper, df. 17 significant digits.
suppressMessages(library(survey)); options(digits = 17, survey.lonely.psu = "fail")
rows <- list()
add <- function(case, call, variable, level, by, group, estimate, se = NA, lower = NA, upper = NA, df = NA)
  rows[[length(rows) + 1]] <<- data.frame(case, call, variable, level, by, group, estimate, se, lower, upper, df)
api <- function(name) { d <- read.csv(paste0(name, ".csv")); for (v in c("stype", "sch_wide", "comp_imp", "awards")) d[[v]] <- factor(d[[v]]); d }
apisrs <- api("apisrs"); apistrat <- api("apistrat"); apiclus1 <- api("apiclus1"); apiclus2 <- api("apiclus2")

# shares and means, whole and by group, of one design
tables <- function(case, des, call, by = "awards") {
  for (v in c("sch_wide", "comp_imp")) {
    f <- as.formula(paste0("~", v)); m <- svymean(f, des); t <- svytotal(f, des)
    for (l in levels(des$variables[[v]])) {
      k <- paste0(v, l)
      add(paste0(case, "/proportion"), paste0("svymean(~", v, ", ", call, ")"), v, l, "", "", m[[k]], SE(m)[[k]], df = degf(des))
      add(paste0(case, "/total"), paste0("svytotal(~", v, ", ", call, ")"), v, l, "", "", t[[k]], SE(t)[[k]], df = degf(des))
    }
    for (g in levels(factor(des$variables[[by]]))) {
      d <- des[which(des$variables[[by]] == g), ]; m <- svymean(f, d)
      for (l in levels(des$variables[[v]])) add(paste0(case, "/proportion-by"), paste0("svymean(~", v, ", subset(", call, ", ", by, " == '", g, "'))"), v, l, by, g, m[[paste0(v, l)]], SE(m)[[paste0(v, l)]], df = degf(d))
    }
  }
  for (v in c("api00", "enroll")) {
    d <- subset(des, !is.na(des$variables[[v]])); f <- as.formula(paste0("~", v)); m <- svymean(f, d); ci <- confint(m, df = degf(d))
    add(paste0(case, "/mean"), paste0("svymean(~", v, ", ", call, ")"), v, "", "", "", m[[1]], SE(m)[[1]], ci[[1]], ci[[2]], degf(d))
    for (g in levels(factor(d$variables[[by]]))) {
      e <- d[which(d$variables[[by]] == g), ]; m <- svymean(f, e)
      add(paste0(case, "/mean-by"), paste0("svymean(~", v, ", subset(", call, ", ", by, " == '", g, "'))"), v, "", by, g, m[[1]], SE(m)[[1]], df = degf(e))
    }
  }
}

# strata of one cluster: the high schools in two strata, of which one has one school, and one more stratum of one
one <- apistrat; one$stratum <- as.character(one$stype); one$stratum[which(one$stype == "H")[1]] <- "H1"; one$stratum[which(one$stype == "M")[3]] <- "M1"
one$fpc[one$stratum == "H1"] <- 16; one$fpc[one$stratum == "M1"] <- 20
write.csv(one[c("stratum", "fpc", "pw", "stype", "sch_wide", "comp_imp", "awards", "api00", "enroll")], "apilone.csv", row.names = FALSE, na = "")
# and districts as clusters in strata by the decile of their number, of which some have one district
dist <- apiclus1; dist$stratum <- dist$dnum %/% 100; dist$fpc <- NA
for (h in unique(dist$stratum)) dist$fpc[dist$stratum == h] <- 4 + length(unique(dist$dnum[dist$stratum == h]))
write.csv(dist[c("stratum", "dnum", "fpc", "pw", "stype", "sch_wide", "comp_imp", "awards", "api00", "enroll")], "apilonedistricts.csv", row.names = FALSE, na = "")
for (o in c("adjust", "average", "remove", "certainty")) {
  options(survey.lonely.psu = o); set <- paste0("options(survey.lonely.psu='", o, "'); ")
  tables(paste0("lonely/", o), svydesign(id = ~1, strata = ~stratum, weights = ~pw, data = one), paste0(set, "svydesign(id=~1, strata=~stratum, weights=~pw, data=apilone)"))
  tables(paste0("lonely_fpc/", o), svydesign(id = ~1, strata = ~stratum, fpc = ~fpc, weights = ~pw, data = one), paste0(set, "svydesign(id=~1, strata=~stratum, fpc=~fpc, weights=~pw, data=apilone)"))
  tables(paste0("lonely_districts/", o), svydesign(id = ~dnum, strata = ~stratum, weights = ~pw, data = dist), paste0(set, "svydesign(id=~dnum, strata=~stratum, weights=~pw, data=apilonedistricts)"))
  tables(paste0("lonely_districts_fpc/", o), svydesign(id = ~dnum, strata = ~stratum, fpc = ~fpc, weights = ~pw, data = dist), paste0(set, "svydesign(id=~dnum, strata=~stratum, fpc=~fpc, weights=~pw, data=apilonedistricts)"))
}
options(survey.lonely.psu = "fail")

# several stages: counts and fractions, without fractions, and three stages in strata
two <- apiclus2; two$w <- two$fpc1 / 40 * two$fpc2 / ave(two$snum, two$dnum, FUN = length)
two$f1 <- 40 / two$fpc1; two$f2 <- ave(two$snum, two$dnum, FUN = length) / two$fpc2
write.csv(two[c("dnum", "snum", "fpc1", "fpc2", "f1", "f2", "w", "stype", "sch_wide", "comp_imp", "awards", "api00", "enroll")], "apistages2.csv", row.names = FALSE, na = "")
tables("stages/counts", svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = two), "svydesign(id=~dnum+snum, fpc=~fpc1+fpc2, data=apistages2)", "stype")
tables("stages/fractions", svydesign(id = ~dnum + snum, fpc = ~f1 + f2, data = two), "svydesign(id=~dnum+snum, fpc=~f1+f2, data=apistages2)", "stype")
tables("stages/replacement", svydesign(id = ~dnum + snum, weights = ~w, data = two), "svydesign(id=~dnum+snum, weights=~w, data=apistages2)", "stype")
three <- apiclus1; three$stratum <- ifelse(three$dnum < 400, "low", "high"); three$kind <- as.character(three$stype); three$one <- 1
drawn <- function(x, by) ave(as.numeric(factor(x)), by, FUN = function(y) length(unique(y)))
three$fpc1 <- ifelse(three$stratum == "low", 31, 40); three$n2 <- drawn(three$kind, three$dnum); three$fpc2 <- ifelse(three$n2 == 1, 1, 3)
three$n3 <- ave(three$one, three$dnum, three$kind, FUN = sum); three$fpc3 <- ifelse(three$n3 == 1, 1, 2 * three$n3 + 1); three$fpc3lone <- 2 * three$n3 + 1
three$w <- three$fpc1 / drawn(three$dnum, three$stratum) * three$fpc2 / three$n2 * three$fpc3 / three$n3
write.csv(three[c("stratum", "dnum", "kind", "snum", "fpc1", "fpc2", "fpc3", "fpc3lone", "w", "stype", "sch_wide", "comp_imp", "awards", "api00", "enroll")], "apistages3.csv", row.names = FALSE, na = "")
tables("stages/three", svydesign(id = ~dnum + kind + snum, strata = ~stratum, fpc = ~fpc1 + fpc2 + fpc3, weights = ~w, nest = TRUE, data = three), "svydesign(id=~dnum+kind+snum, strata=~stratum, fpc=~fpc1+fpc2+fpc3, weights=~w, nest=TRUE, data=apistages3)")
for (o in c("adjust", "remove", "certainty")) {
  options(survey.lonely.psu = o)
  tables(paste0("stages_lonely/", o), svydesign(id = ~dnum + kind + snum, strata = ~stratum, fpc = ~fpc1 + fpc2 + fpc3lone, weights = ~w, nest = TRUE, data = three), paste0("options(survey.lonely.psu='", o, "'); svydesign(id=~dnum+kind+snum, strata=~stratum, fpc=~fpc1+fpc2+fpc3lone, weights=~w, nest=TRUE, data=apistages3)"))
}
options(survey.lonely.psu = "fail")

# clusters that were drawn and did not answer: the design is that of all, the answers those of some
silent <- !(apiclus1$dnum %in% c(61, 135, 637))
tables("silent", subset(svydesign(id = ~dnum, fpc = ~fpc, weights = ~pw, data = apiclus1), silent), "subset(svydesign(id=~dnum, fpc=~fpc, weights=~pw, data=apiclus1), !(dnum %in% c(61, 135, 637)))")
tables("silent_strata", subset(svydesign(id = ~dnum, strata = ~stratum, fpc = ~fpc1, weights = ~w, data = three), silent), "subset(svydesign(id=~dnum, strata=~stratum, fpc=~fpc1, weights=~w, data=apistages3), !(dnum %in% c(61, 135, 637)))")

# the interval of the working likelihood: R's own, which is on a spline through some ten points of the profile, and the
# ends of that profile solved for: (D(b) - D(b0)) / dispersion = t^2 lambda, by R's confint.svyglm and MASS's profile
designs <- list(
  srs_fpc = svydesign(id = ~1, fpc = ~fpc, weights = ~pw, data = apisrs), srs = svydesign(id = ~1, weights = ~pw, data = apisrs),
  strat_fpc = svydesign(id = ~1, strata = ~stype, fpc = ~fpc, weights = ~pw, data = apistrat), strat = svydesign(id = ~1, strata = ~stype, weights = ~pw, data = apistrat),
  clus1_fpc = svydesign(id = ~dnum, fpc = ~fpc, weights = ~pw, data = apiclus1), clus2 = svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = apiclus2))
for (name in names(designs)) for (v in c("sch_wide", "awards", "comp_imp")) for (l in c("No", "Yes")) {
  des <- designs[[name]]; i <- as.formula(paste0("~I(", v, "=='", l, "')")); r <- svyciprop(i, des, method = "likelihood"); ci <- attr(r, "ci")
  m <- svymean(i, des); p <- as.vector(coef(m))[2]; se <- as.vector(SE(m))[2]; n <- nrow(des$variables); t <- qt(0.975, degf(des))
  lambda <- n * se^2 / (p * (1 - p)); dispersion <- n / (n - 1); b0 <- qlogis(p)
  far <- function(b) (2 * n * (p * (plogis(b0, log.p = TRUE) - plogis(b, log.p = TRUE)) + (1 - p) * (plogis(-b0, log.p = TRUE) - plogis(-b, log.p = TRUE)))) / dispersion - t^2 * lambda
  ends <- plogis(c(uniroot(far, c(b0 - 9, b0), tol = 1e-15)$root, uniroot(far, c(b0, b0 + 9), tol = 1e-15)$root))
  call <- paste0("svyciprop(", deparse(i), ", ", name, ", method='likelihood')")
  add(paste0(name, "/proportion/likelihood"), paste0(call, ", its profile solved by uniroot"), v, l, "", "", p, se, ends[1], ends[2], degf(des))
  add(paste0(name, "/proportion/likelihood-spline"), call, v, l, "", "", p, se, ci[[1]], ci[[2]], degf(des))
}

# ratios of two numbers
for (name in names(designs)) for (by in c("", "E", "H", "M")) {
  des <- designs[[name]]; des <- subset(des, !is.na(api_stu) & !is.na(enroll)); if (by != "") des <- subset(des, stype == by)
  r <- svyratio(~api_stu, ~enroll, des); ci <- confint(r, df = degf(des))
  add(paste0(name, "/ratio"), paste0("svyratio(~api_stu, ~enroll, ", name, "); confint(df=degf)"), "api_stu", "enroll", if (by == "") "" else "stype", by, coef(r)[[1]], sqrt(vcov(r))[[1]], ci[[1]], ci[[2]], degf(des))
}

out <- do.call(rbind, rows); for (v in c("estimate", "se", "lower", "upper")) out[[v]] <- formatC(out[[v]], digits = 17, format = "g")
out$r <- paste(R.version$major, R.version$minor, sep = "."); out$survey <- as.character(packageVersion("survey"))
write.csv(out, "designs.csv", row.names = FALSE, na = ""); cat(nrow(out), "values\n")
