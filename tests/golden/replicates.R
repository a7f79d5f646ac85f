# Golden values of replicate weights from R's survey package. Run: Rscript replicates.R   (after golden.R, which writes
# the api*.csv). Writes beside this file:
#   apiblocks.csv: apiclus1 with made strata of its districts, `block` (three of five) and `pair` (seven of two, none for
#     the last district), and with made unequal weights `w`.
#   replicate-factors.csv: the factors of the bootstrap, which R draws by chance, and of the successive differences, by
#     district and replicate. 17 significant digits.
#   replicates.csv: as golden.csv.
suppressMessages(library(survey)); options(digits = 17, survey.lonely.psu = "fail", warn = 1)
d <- read.csv("apiclus1.csv"); number <- match(d$dnum, unique(d$dnum))
d$block <- (number - 1) %/% 5 + 1; d$pair <- ifelse(number == 15, NA, (number - 1) %/% 2 + 1)
d$w <- d$pw * (1 + (d$snum %% 101) / 101)
write.csv(d, "apiblocks.csv", row.names = FALSE, na = "")
strat <- read.csv("apistrat.csv"); clus2 <- read.csv("apiclus2.csv")
for (v in c("stype", "sch_wide")) { d[[v]] <- factor(d[[v]]); strat[[v]] <- factor(strat[[v]]); clus2[[v]] <- factor(clus2[[v]]) }
pairs <- subset(d, !is.na(pair))
rows <- list()
add <- function(case, call, variable, level, by, group, estimate, se = NA, lower = NA, upper = NA, df = NA)
  rows[[length(rows) + 1]] <<- data.frame(case, call, variable, level, by, group, estimate, se, lower, upper, df)

# factors of the bootstrap and of successive differences: rows are respondents
blocks <- svydesign(id = ~dnum, strata = ~block, weights = ~w, data = d)
set.seed(20210607)
boot <- as.matrix(as.svrepdesign(blocks, type = "subbootstrap", replicates = 40)$repweights)
H <- 2 * survey:::hadamard(15 + 1) - 1; following <- c(2:15, 1)
stopifnot(nrow(H) >= 17, all(H[1, ] == 1))
sdr <- (1 + 2^-1.5 * (H[1 + 1:15, ] - H[1 + following, ]))[number, ]
first <- !duplicated(d$dnum)
long <- function(method, f) data.frame(method, dnum = rep(d$dnum[first], ncol(f)), replicate = rep(seq_len(ncol(f)), each = sum(first)), factor = formatC(as.vector(f[first, ]), digits = 17, format = "g", width = 1))
write.csv(rbind(long("bootstrap", boot), long("SDR", sdr)), "replicate-factors.csv", row.names = FALSE, quote = FALSE)

one <- list()
clus1 <- svydesign(id = ~dnum, weights = ~w, data = d); clus1_fpc <- svydesign(id = ~dnum, weights = ~w, fpc = ~fpc, data = d)
stratified <- svydesign(id = ~1, strata = ~stype, weights = ~pw, data = strat); stratified_fpc <- svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = strat)
paired <- svydesign(id = ~dnum, strata = ~pair, weights = ~w, data = pairs)
twostage <- svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = clus2)
CLUS1 <- "svydesign(id=~dnum, weights=~w, data=apiblocks)"; PAIRED <- "svydesign(id=~dnum, strata=~pair, weights=~w, data=apiblocks with a pair)"
BLOCKS <- "svydesign(id=~dnum, strata=~block, weights=~w, data=apiblocks)"; STRAT <- "svydesign(id=~1, strata=~stype, weights=~pw, data=apistrat)"
of <- function(type, call, more = "") paste0("as.svrepdesign(", call, ", type='", type, "'", more, ")")
one$`JK1` <- list(as.svrepdesign(clus1, type = "JK1"), of("JK1", CLUS1))
one$`JK1-mse` <- list(as.svrepdesign(clus1, type = "JK1", mse = TRUE), of("JK1", CLUS1, ", mse=TRUE"))
one$`JK1-fpc` <- list(as.svrepdesign(clus1_fpc, type = "JK1"), of("JK1", sub("data", "fpc=~fpc, data", CLUS1)))
one$`JK1-fraction` <- list(as.svrepdesign(clus1, type = "JK1", fpc = .25, fpctype = "fraction"), of("JK1", CLUS1, ", fpc=0.25, fpctype='fraction'"))
one$`JK1-two-stage` <- list(suppressWarnings(as.svrepdesign(twostage, type = "JK1")), of("JK1", "svydesign(id=~dnum+snum, fpc=~fpc1+fpc2, data=apiclus2)"))
one$`JKn` <- list(as.svrepdesign(stratified, type = "JKn"), of("JKn", STRAT))
one$`JKn-fpc` <- list(as.svrepdesign(stratified_fpc, type = "JKn"), of("JKn", sub("weights", "fpc=~fpc, weights", STRAT)))
one$`JKn-fraction` <- list(as.svrepdesign(blocks, type = "JKn", fpc = c(`1` = .1, `2` = .5, `3` = 1), fpctype = "fraction"), of("JKn", BLOCKS, ", fpc=c(`1`=0.1, `2`=0.5, `3`=1), fpctype='fraction'"))
one$`JKn-blocks` <- list(as.svrepdesign(blocks, type = "JKn"), of("JKn", BLOCKS))
one$`JKn-blocks-mse` <- list(as.svrepdesign(blocks, type = "JKn", mse = TRUE), of("JKn", BLOCKS, ", mse=TRUE"))
one$`BRR` <- list(as.svrepdesign(paired, type = "BRR"), of("BRR", PAIRED))
one$`BRR-mse` <- list(as.svrepdesign(paired, type = "BRR", mse = TRUE), of("BRR", PAIRED, ", mse=TRUE"))
one$`Fay` <- list(as.svrepdesign(paired, type = "Fay", fay.rho = 0.3), of("Fay", PAIRED, ", fay.rho=0.3"))
one$`bootstrap` <- list(svrepdesign(data = d, repweights = boot, weights = ~w, type = "bootstrap", combined.weights = FALSE), "svrepdesign(data=apiblocks, repweights=replicate-factors.csv, weights=~w, type='bootstrap', combined.weights=FALSE)")
one$`bootstrap-mse` <- list(svrepdesign(data = d, repweights = boot * d$w, weights = ~w, type = "bootstrap", combined.weights = TRUE, mse = TRUE), "svrepdesign(data=apiblocks, repweights=w*replicate-factors.csv, weights=~w, type='bootstrap', combined.weights=TRUE, mse=TRUE)")
one$`SDR` <- list(svrepdesign(data = d, repweights = sdr, weights = ~w, type = "successive-difference", combined.weights = FALSE), "svrepdesign(data=apiblocks, repweights=replicate-factors.csv, weights=~w, type='successive-difference', combined.weights=FALSE)")

for (n in names(one)) {
  des <- one[[n]][[1]]; call <- one[[n]][[2]]; df <- degf(des); p <- function(what) paste0(n, "/", what)
  add(p("degf"), paste0("degf(", call, ")"), "", "", "", "", df)
  m <- svymean(~sch_wide, des); t <- svytotal(~sch_wide, des)
  for (l in levels(des$variables$sch_wide)) {
    k <- paste0("sch_wide", l); i <- as.formula(paste0("~I(sch_wide == '", l, "')")); x <- svyciprop(i, des, method = "xlogit")
    add(p("proportion"), paste0("svymean(~sch_wide, ", call, "); svyciprop(", deparse(i), ", method='xlogit')"), "sch_wide", l, "", "", coef(m)[[k]], SE(m)[[which(names(coef(m)) == k)]], attr(x, "ci")[[1]], attr(x, "ci")[[2]], df)
    ci <- confint(t, df = df)[k, ]; add(p("total"), paste0("svytotal(~sch_wide, ", call, "); confint(df=degf)"), "sch_wide", l, "", "", coef(t)[[k]], SE(t)[[which(names(coef(t)) == k)]], ci[[1]], ci[[2]], df)
  }
  b <- svymean(~I((stype == "E") - (stype == "H")), des); ci <- confint(b, df = df)
  add(p("balance"), paste0("svymean(~I((stype=='E')-(stype=='H')), ", call, "); confint(df=degf)"), "stype", "E-H", "", "", coef(b)[[1]], SE(b)[[1]], ci[[1]], ci[[2]], df)
  known <- if (anyNA(des$variables$enroll)) subset(des, !is.na(enroll)) else des
  r <- svyratio(~api_stu, ~enroll, known); add(p("ratio"), paste0("svyratio(~api_stu, ~enroll, ", call, ")"), "api_stu/enroll", "", "", "", r$ratio[[1]], sqrt(r$var[[1]]))
  m <- svymean(~api00, des); ci <- confint(m, df = df); add(p("mean"), paste0("svymean(~api00, ", call, "); confint(df=degf)"), "api00", "", "", "", coef(m)[[1]], SE(m)[[1]], ci[[1]], ci[[2]], df)
  for (by in intersect(c("stype", "pair"), names(des$variables))) {
    f <- as.formula(paste0("~", by)); b <- suppressWarnings(svyby(~api00, f, des, svymean)); s <- suppressWarnings(svyby(~sch_wide, f, des, svymean))
    for (g in rownames(b)) {
      keep <- !is.na(des$variables[[by]]) & des$variables[[by]] == g; within <- degf(des[keep, ])
      add(p("mean-by"), paste0("svyby(~api00, ~", by, ", ", call, ", svymean)"), "api00", "", by, g, b[g, "api00"], SE(b)[[which(rownames(b) == g)]], df = within)
      for (l in levels(des$variables$sch_wide)) add(p("proportion-by"), paste0("svyby(~sch_wide, ~", by, ", ", call, ", svymean)"), "sch_wide", l, by, g, s[g, paste0("sch_wide", l)], SE(s)[which(rownames(s) == g), match(l, levels(des$variables$sch_wide))], df = within)
    }
  }
  for (q in c(.25, .5, .75)) {
    z <- svyquantile(~api00, des, q, interval.type = "mean", qrule = "math"); add(p("quantile"), paste0("svyquantile(~api00, ", call, ", ", q, ", interval.type='mean', qrule='math')"), "api00", as.character(q), "", "", z[[1]][1, "quantile"], z[[1]][1, 4], z[[1]][1, 2], z[[1]][1, 3], df)
  }
}
out <- do.call(rbind, rows); for (v in c("estimate", "se", "lower", "upper")) out[[v]] <- formatC(out[[v]], digits = 17, format = "g", width = 1)
out$r <- paste(R.version$major, R.version$minor, sep = "."); out$survey <- as.character(packageVersion("survey"))
write.csv(out, "replicates.csv", row.names = FALSE, na = ""); cat(nrow(out), "golden values\n")
