/* log: what happened, for engineers, in a file ($XDG_STATE_HOME/showx/showx.log, 0600, turned over at 4 MiB),
 * never on the screen. Lines are sanitised; no passwords, no personal data. Safe from any thread. */
#ifndef SHOWX_BASE_LOG_H
#define SHOWX_BASE_LOG_H

typedef enum { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR } log_level;

void log_open(const char *path,
              log_level least); /* NULL path: nowhere. SHOWX_LOG=debug|info|warn|error sets the level */
void log_close(void);
void log_write(log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define log_debug(...) log_write(LOG_DEBUG, __VA_ARGS__)
#define log_info(...) log_write(LOG_INFO, __VA_ARGS__)
#define log_warn(...) log_write(LOG_WARN, __VA_ARGS__)
#define log_error(...) log_write(LOG_ERROR, __VA_ARGS__)

#endif
