/* The loop: one poll over the terminal, signals, a timer, and the workers' answers. It sleeps until one of
 * them has something; the timer is set for the next moment at which the screen would look different by
 * itself, so that an idle console uses no CPU but for the age of its data. */
#include "base/log.h"
#include "base/mem.h"
#include "base/time.h"
#include "ui/console.h"
#include "ui/ui.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { SPIN_MS = 100, FRAME_MS = 16 };

/* ---- the stack of places ---- */

place *console_here(const console *u)
{
    return u->depth ? u->stack[u->depth - 1] : NULL;
}

void console_notice(console *u, int look, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(u->notice, sizeof u->notice, format, args);
    va_end(args);
    u->notice_style = look;
    u->dirty = true;
}

void console_open_view(console *u, const view *v, const query_value *given, size_t n, const char *crumb)
{
    enum { DEEPEST = 24 };
    if (u->depth >= DEEPEST) { /* a way in circles: the oldest step is forgotten, the first place stays */
        place_free(u->stack[1]);
        memmove(u->stack + 1, u->stack + 2, (u->depth - 2) * sizeof *u->stack);
        u->depth--;
    }
    if (u->depth)
        list_shrink(&console_here(u)->list);
    place *p = place_new(u->catalog, v, given, n);
    if (u->pin.param && query_takes(v->query, u->pin.param) && !values_has(&p->values, u->pin.param))
        values_set(&p->values, u->pin.param, u->pin.value);
    p->crumb = mem_str(crumb);
    MEM_ROOM(u->stack, u->depth, u->cap);
    u->stack[u->depth++] = p;
    u->notice[0] = 0;
    u->dirty = true;
}

void console_back(console *u)
{
    if (u->depth < 2)
        return;
    place *p = console_here(u);
    data_cancel(u->data, p->tag);
    place_free(p);
    u->depth--;
    p = console_here(u);
    if (p->view->refresh_s > 0 || p->error.kind != ERR_NONE)
        place_refresh(p);
    u->notice[0] = 0;
    u->dirty = true;
}

void console_close_popup(console *u)
{
    const popup *p = u->popup;
    u->popup = NULL;
    if (p && p->close)
        p->close(u);
    u->popup_state = NULL;
    u->dirty = true;
}

void console_popup(console *u, const popup *p, void *state)
{
    if (u->popup)
        console_close_popup(u);
    u->popup = p;
    u->popup_state = state;
    u->dirty = true;
}

static size_t complete_command(void *ctx, const char *line, size_t at, char ***ret)
{
    console *u = ctx;
    return commands_complete(u->cs, line, at, ret);
}

void console_ask(console *u, asking what, const char *label, const char *initial)
{
    static const char *const kinds[] = {
        [ASKING_COMMAND] = "command", [ASKING_FILTER] = "filter", [ASKING_EXPORT] = "file"};
    prompt_spec spec = {
        .kind = what == ASKING_FIELD ? NULL : kinds[what], .label = label, .initial = initial, .ctx = u};
    if (what == ASKING_COMMAND)
        spec.complete = complete_command;
    spec.fields = what == ASKING_FIELD;
    console_close_prompt(u);
    u->prompt = prompt_open(&spec, u->canvas.width);
    u->asking = what;
    screen_raw(u->screen, true);
    u->dirty = true;
}

void console_close_prompt(console *u)
{
    if (!u->prompt)
        return;
    prompt_free(u->prompt);
    u->prompt = NULL;
    u->asking = ASKING_NONE;
    screen_raw(u->screen, false);
    u->dirty = true;
}

/* ---- time ---- */

static void sooner(int64_t *at, int64_t candidate)
{
    if (*at == 0 || candidate < *at)
        *at = candidate;
}

/* Counted from the last try, not the last success: what fails is not asked again at once. */
static int64_t refresh_due(const place *p)
{
    int64_t from = p->tried_ms > p->loaded_ms ? p->tried_ms : p->loaded_ms;
    return from + (int64_t)(p->view->refresh_s * 1000);
}

/* When the screen next has a reason to change by itself (monotonic ms, 0 = never). */
static int64_t next_moment(console *u)
{
    place *p = console_here(u);
    int64_t now = time_mono_ms(), at = 0;
    if (u->busy || (p && place_waiting(p) && !data_lost(u->data)))
        sooner(&at, now + SPIN_MS);
    if (data_lost(u->data))
        sooner(&at, now + 1000 < data_retry_ms(u->data) ? now + 1000 : data_retry_ms(u->data));
    if (!p || !p->loaded_ms || getenv("SHOWX_NOW"))
        return at;
    int64_t age = ui_clock_ms() - p->loaded_ms, step = age < 60000 ? 1000 : 60000;
    sooner(&at, now + step - (age > 0 ? age % step : 0));
    if (p->view->refresh_s > 0 && !p->refreshing && !data_lost(u->data)) {
        int64_t due = refresh_due(p);
        sooner(&at, due > now ? due : now + FRAME_MS);
    }
    return at;
}

static void set_timer(console *u, int fd, int64_t *set)
{
    int64_t at = next_moment(u);
    if (at == *set)
        return;
    struct itimerspec t = {.it_value = {at / 1000, at % 1000 * 1000000}};
    timerfd_settime(fd, TFD_TIMER_ABSTIME, &t, NULL);
    *set = at;
}

static void on_time(console *u)
{
    place *p = console_here(u);
    int64_t now = time_mono_ms();
    u->dirty = true;
    if (!p)
        return;
    if (data_lost(u->data) && now >= data_retry_ms(u->data)) {
        data_retrying(u->data);
        place_refresh(p);
    }
    if (!data_lost(u->data) && p->view->refresh_s > 0 && p->loaded_ms && !p->refreshing && !p->cancelled &&
        ui_clock_ms() >= refresh_due(p))
        place_refresh(p);
}

/* ---- events ---- */

static void on_resize(console *u)
{
    int height, width;
    screen_measure(u->screen, &height, &width);
    if (height == u->canvas.height && width == u->canvas.width)
        return;
    bool ascii = u->canvas.ascii;
    canvas_done(&u->canvas);
    canvas_init(&u->canvas, height, width, ascii);
    if (u->prompt)
        prompt_resize(u->prompt, height, width);
    screen_forget(u->screen);
    u->dirty = true;
}

static void leave(console *u, int code)
{
    u->quit = true;
    u->code = code;
}

static void on_signal(console *u, int fd)
{
    struct signalfd_siginfo info;
    while (read(fd, &info, sizeof info) == (ssize_t)sizeof info) {
        int sig = (int)info.ssi_signo;
        if (sig == SIGWINCH)
            on_resize(u);
        else if (sig == SIGTSTP)
            screen_suspend(u->screen);
        else if (sig == SIGINT)
            leave(u, 130);
        else if (sig == SIGTERM || sig == SIGHUP)
            leave(u, 128 + sig);
        if (sig == SIGTSTP || sig == SIGCONT) {
            on_resize(u);
            u->dirty = true;
        }
    }
}

static void on_prompt(console *u)
{
    prompt_state st = prompt_feed(u->prompt, u->screen);
    u->dirty = true;
    if (st == PROMPT_OPEN)
        console_prompt_typed(u);
    else if (st == PROMPT_NEXT || st == PROMPT_PREVIOUS)
        form_field_move(u, st == PROMPT_NEXT, prompt_text(u->prompt));
    else
        console_prompt_done(u, st == PROMPT_DONE);
}

static void on_input(console *u)
{
    int key;
    screen_mouse m;
    if (u->prompt)
        on_prompt(u);
    /* What was typed behind the line's end came in with it, and nothing will wake us for it again. */
    while (!u->quit && !u->prompt && screen_key(u->screen, &key, &m)) {
        if (key == K_MOUSE)
            console_mouse(u, &m);
        else if (key != K_NONE)
            console_key(u, key);
        u->dirty = true;
    }
}

static void on_answers(console *u)
{
    answer a;
    while (data_next(u->data, &a)) {
        console_answered(u, &a);
        answer_done(&a);
        u->dirty = true;
    }
}

enum { FD_TERMINAL, FD_SIGNALS, FD_TIMER, FD_JOBS, FDS };

static void run(console *u, struct pollfd fds[FDS])
{
    int64_t set = 0;
    while (!u->quit) {
        place *p = console_here(u);
        if (p)
            place_pump(p, u->data);
        if (ahead_plays(u))
            continue;
        if (u->dirty) {
            u->dirty = false;
            frame_draw(u);
            screen_draw(u->screen, &u->canvas);
        }
        set_timer(u, fds[FD_TIMER].fd, &set);
        if (poll(fds, FDS, -1) < 0 && errno != EINTR)
            leave(u, 1);
        if (fds[FD_TERMINAL].revents & (POLLHUP | POLLERR | POLLNVAL))
            leave(u, 129); /* with SIGHUP ignored this is the only sign that the terminal went away */
        else if (fds[FD_TERMINAL].revents & POLLIN)
            on_input(u);
        if (fds[FD_SIGNALS].revents & POLLIN)
            on_signal(u, fds[FD_SIGNALS].fd);
        if (fds[FD_TIMER].revents & POLLIN) {
            uint64_t ticks;
            if (read(fds[FD_TIMER].fd, &ticks, sizeof ticks) > 0)
                on_time(u);
            set = 0;
        }
        if (fds[FD_JOBS].revents & POLLIN)
            on_answers(u);
    }
}

/* ---- beginning and end ---- */

/* On a worker: its own copy of how to connect, the demo included. */
static bool open_connection(void *ctx, store **ret, stop *until, err *e)
{
    command_env env = *(const command_env *)ctx;
    env.store = NULL;
    env.stop = until;
    env.demo_conninfo = NULL; /* looked for again at each try: the demo may have been started meanwhile */
    bool ok = command_store(&env, e);
    if (ok)
        *ret = env.store;
    free(env.demo_conninfo);
    return ok;
}

/* Blocked before any thread begins, so that they all come through the signalfd. */
static int catch_signals(sigset_t *ret_old)
{
    static const int caught[] = {SIGWINCH, SIGTERM, SIGHUP, SIGTSTP, SIGCONT, SIGINT};
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < sizeof caught / sizeof *caught; i++)
        sigaddset(&set, caught[i]);
    pthread_sigmask(SIG_BLOCK, &set, ret_old);
    signal(SIGPIPE, SIG_IGN);
    return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

static const view *first_view(const catalog *c)
{
    const view *v = catalog_view(c, "home");
    const view *const *all;
    return v ? v : catalog_views(c, &all) ? all[0] : NULL;
}

static bool begin(console *u, const view *start, const query_value *given, size_t n, err *e)
{
    data_source source = {open_connection, u->env};
    u->data = data_new(&source, u->env, u->cs, e);
    if (!u->data || !screen_open(&u->screen, e))
        return false;
    int height, width;
    screen_measure(u->screen, &height, &width);
    canvas_init(&u->canvas, height, width, screen_ascii(u->screen));
    const view *first = first_view(u->catalog);
    if (first && start && start != first)
        console_open_view(u, first, NULL, 0, NULL);
    if (start || first)
        console_open_view(u, start ? start : first, given, n, NULL);
    else
        console_notice(u, STYLE_BAD, "there are no screens: 'showx check' says what is wrong with the views");
    return true;
}

/* False when a worker hangs in the system and had to be left behind. */
static bool end(console *u)
{
    console_close_prompt(u);
    if (u->popup)
        console_close_popup(u);
    screen_close(u->screen);
    bool clean = data_free(u->data);
    while (u->depth)
        place_free(u->stack[--u->depth]);
    free(u->stack);
    if (u->canvas.cells)
        canvas_done(&u->canvas);
    free(u->filter_before);
    form_forget_draft(u);
    free(u->pin.param);
    free(u->pin.value);
    free(u->pin.label);
    return clean;
}

int ui_run(command_env *env, const commands *cs, const view *start, const query_value *given, size_t n)
{
    err e = {0};
    sigset_t old;
    console u = {.env = env, .cs = cs, .catalog = env->catalog, .dirty = true, .tag = UINTPTR_MAX};
    struct pollfd fds[FDS] = {{STDIN_FILENO, POLLIN, 0}};
    fds[FD_SIGNALS] = (struct pollfd){catch_signals(&old), POLLIN, 0};
    fds[FD_TIMER] = (struct pollfd){timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC), POLLIN, 0};
    bool ok = begin(&u, start, given, n, &e);
    if (ok) {
        fds[FD_JOBS] = (struct pollfd){data_fd(u.data), POLLIN, 0};
        run(&u, fds);
    }
    bool clean = end(&u);
    close(fds[FD_SIGNALS].fd);
    close(fds[FD_TIMER].fd);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (!ok)
        fprintf(env->messages, "showx: %s\n", e.text);
    int code = ok ? u.code : err_exit_code(e.kind);
    if (!clean) {
        log_warn("a worker did not end in time and was left behind");
        fflush(NULL);
        _exit(code);
    }
    return code;
}
