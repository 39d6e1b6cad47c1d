#ifndef RATCHET_CSV_REFERENCE_H
#define RATCHET_CSV_REFERENCE_H

#include <stddef.h>
#include <stdint.h>

/// Reads a file of candles into six columns, written by hand in C.
///
/// The columns are `columns[0]` to `columns[5]`, each of `capacity` places: whole times, then
/// prices and volumes in steps of 1e-8. The file must be in perfect order: a header of one line,
/// then `time,open,high,low,close,volume` in plain decimals of at most 8 decimals, lines ended by
/// LF. Nothing is checked.
///
/// Returns the number of rows, or -1 where the file cannot be read or has more than `capacity`.
long reference_csv(const char *path, int64_t *const *columns, size_t capacity);

/// Sends a file through libcsv in chunks of 64 KiB, and returns how many fields it found, the
/// header's included, or -1.
long reference_libcsv(const char *path);

#endif
