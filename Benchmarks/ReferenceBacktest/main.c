#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "csv_reference.h"
#include "reference.h"

/* reference-backtest FILE: a whole backtest as a process, with nothing that a user would need: no
 * options, no checks, no report. */
int main(int count, char **words) {
  struct stat about;
  if (count != 2 || stat(words[1], &about) != 0) {
    fprintf(stderr, "usage: reference-backtest FILE\n");
    return 2;
  }
  /* No row is shorter than 21 bytes: a time of ten digits, five more fields, six separators. */
  const size_t capacity = (size_t)about.st_size / 20 + 1;
  int64_t *values = malloc(6 * capacity * sizeof *values);
  if (!values) return 1;
  int64_t *columns[6];
  for (int i = 0; i < 6; i++) columns[i] = values + (size_t)i * capacity;
  const long rows = reference_csv(words[1], columns, capacity);
  if (rows < 0) {
    fprintf(stderr, "reference-backtest: cannot read %s\n", words[1]);
    return 1;
  }
  const struct reference_outcome outcome = reference_engine(
      (struct reference_columns){
          columns[0], columns[1], columns[2], columns[3], columns[4], columns[5]},
      (size_t)rows);
  printf(
      "%ld candles, %ld signals, %ld orders, %ld trades, equity %.2f\n", rows, outcome.signals,
      outcome.orders, outcome.trades, (double)outcome.equity / 1e8);
  free(values);
  return 0;
}
