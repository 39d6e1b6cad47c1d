#include "csv_reference.h"

#include <fcntl.h>
#include <unistd.h>

/* The yardstick: the same bytes and digits as CandleFile.read, without a look at what could be
 * wrong with them. One byte at a time, as a C programmer writes it first. */
long reference_csv(const char *path, int64_t *const *columns, size_t capacity) {
  const int file = open(path, O_RDONLY);
  if (file < 0) return -1;

  static char chunk[65536];
  size_t row = 0;
  int column = 0, decimals = -1, in_header = 1;
  int64_t value = 0;
  ssize_t count;
  while ((count = read(file, chunk, sizeof chunk)) > 0) {
    for (ssize_t i = 0; i < count; i++) {
      const char byte = chunk[i];
      if (in_header) {
        in_header = byte != '\n';
      } else if (byte >= '0' && byte <= '9') {
        value = value * 10 + (byte - '0');
        if (decimals >= 0) decimals++;
      } else if (byte == '.') {
        decimals = 0;
      } else {
        if (column > 0)
          for (int digits = decimals < 0 ? 0 : decimals; digits < 8; digits++) value *= 10;
        columns[column][row] = value;
        value = 0;
        decimals = -1;
        if (byte == '\n') {
          column = 0;
          if (++row == capacity) break;
        } else {
          column++;
        }
      }
    }
    if (row == capacity) break;
  }
  close(file);
  return count == 0 ? (long)row : -1;
}
