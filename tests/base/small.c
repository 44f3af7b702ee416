/* buf and log once more with tiny sizes: linked before base.a, these are the ones that all tests here use, so
 * growing and turning over happen after a few bytes. */
#define BUF_START 4
#include "base/buf.c"
#define LOG_TURN_BYTES 300
#include "base/log.c"
