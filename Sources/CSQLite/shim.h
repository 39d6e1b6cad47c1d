// Types and constants only: the functions are looked up at run time (Persistence/SQLite/SQLiteLibrary),
// because libsqlite3 and libsqlcipher export the same names. Hence no `link` in the module map.
#include <sqlite3.h>
