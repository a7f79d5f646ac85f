# R's survey package: svyby of svymean, once a table. Rscript with_survey.R DATA.csv OUT PATIENCE
suppressPackageStartupMessages(library(survey))
given <- commandArgs(trailingOnly = TRUE)
data <- read.csv(given[1])
patience <- as.numeric(given[3])
questions <- grep("^q", names(data), value = TRUE)
backgrounds <- grep("^b", names(data), value = TRUE)
for (q in questions) data[[q]] <- factor(data[[q]])
design <- svydesign(ids = ~c, strata = ~s, weights = ~w, data = data)

table_of <- function(q, b) {
  asked <- subset(design, !is.na(data[[q]]))
  svyby(as.formula(paste0("~", q)), as.formula(paste0("~", b)), asked, svymean, keep.var = TRUE)
}

first <- system.time(table_of(questions[1], backgrounds[1]))[["elapsed"]]
everything <- first * length(questions) * length(backgrounds)
if (everything > patience) questions <- questions[1]
used <- system.time(found <- lapply(questions, function(q) lapply(backgrounds, function(b) table_of(q, b))))
con <- file(paste0(given[2], ".csv"), "w")
for (i in seq_along(questions)) for (j in seq_along(backgrounds)) {
  each <- found[[i]][[j]]
  k <- nlevels(data[[questions[i]]])
  share <- as.matrix(each[, 1 + seq_len(k)])
  error <- as.matrix(each[, 1 + k + seq_len(k)])
  for (g in seq_len(nrow(share))) for (a in seq_len(k))
    cat(sprintf("%d,%d,%d,%d,%.17g,%.17g\n", i - 1, j - 1, g - 1, a - 1, share[g, a], error[g, a]), file = con)
}
close(con)
cat(sprintf('{"seconds": %.6f, "processor": %.6f, "tables": %d}',
            used[["elapsed"]], used[["user.self"]] + used[["sys.self"]], length(questions) * length(backgrounds)),
    file = given[2])
