# showx. `make` builds, `make demo` sets everything up and opens the console, `make check` proves it.
#   SAN=address|thread|undefined   build with that sanitizer (into its own folder)
#   check-ROOM                     one room's tests (check-base, check-store, ...)
PREFIX  ?= /usr/local
SAN     ?=
B       ?= build$(if $(SAN),-$(SAN))
CC      ?= gcc
ROOMS    = base catalog store city legacy migrate demo command ui
PKGS     = ncursesw libpq readline sqlite3 jansson libutf8proc inih
WARN     = -Wall -Wextra -Wshadow -Wconversion -Wpedantic -Wvla -Wstrict-prototypes -Wmissing-prototypes
SANFLAGS = $(if $(SAN),-fsanitize=$(if $(filter address,$(SAN)),address$(,)undefined,$(SAN)) -fno-omit-frame-pointer -fno-sanitize-recover=all)
, := ,
CFLAGS  ?= -O2 -g
ALL_CFLAGS = -std=c17 -D_GNU_SOURCE -Isrc -I$(B)/gen $(WARN) $(CFLAGS) $(SANFLAGS) -pthread $(shell pkg-config --cflags $(PKGS))
LIBS     = $(shell pkg-config --libs $(PKGS)) -lm -pthread
room_src = $(filter-out src/catalog/embed.c,$(wildcard src/$(1)/*.c))
room_obj = $(patsubst src/%.c,$(B)/obj/%.o,$(call room_src,$(1)))

all: $(B)/showx

# The rooms, one archive each.
define ROOM
$(B)/lib/$(1).a: $(call room_obj,$(1)) ; @mkdir -p $$(@D); rm -f $$@; ar rcs $$@ $$^
check-$(1): $(B)/tests/$(1) ; $(B)/tests/$(1)
endef
$(foreach r,$(ROOMS),$(eval $(call ROOM,$(r))))

$(B)/obj/%.o: src/%.c ; @mkdir -p $(@D); $(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<
$(B)/obj/tests/%.o: tests/%.c ; @mkdir -p $(@D); $(CC) $(ALL_CFLAGS) -Itests $(shell pkg-config --cflags check) -MMD -MP -c -o $@ $<
-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)

# views/, queries/ and migrations/ are part of the program.
EMBED = $(wildcard views/*.view queries/*.sql migrations/*/*.sql src/city/*.tsv)
$(B)/embed: src/catalog/embed.c ; @mkdir -p $(@D); $(CC) -std=c17 -D_GNU_SOURCE -O1 -o $@ $<
$(B)/gen/embedded.c: $(B)/embed $(EMBED) ; @mkdir -p $(@D); $(B)/embed $(EMBED) >$@.new && mv $@.new $@
$(B)/obj/embedded.o: $(B)/gen/embedded.c ; @mkdir -p $(@D); $(CC) $(ALL_CFLAGS) -c -o $@ $<

$(B)/showx: $(B)/obj/main.o $(B)/obj/embedded.o $(ROOMS:%=$(B)/lib/%.a)
	$(CC) $(SANFLAGS) $(LDFLAGS) -o $@ $(B)/obj/main.o $(B)/obj/embedded.o -Wl,--start-group $(ROOMS:%=$(B)/lib/%.a) -Wl,--end-group $(LIBS)

# A room's tests link that room and what it may know, so that a broken room breaks only its own.
DEPS_base    = base
DEPS_catalog = catalog base
DEPS_store   = store base catalog
DEPS_city    = city base
DEPS_legacy  = legacy base
DEPS_migrate = migrate store legacy catalog base
DEPS_demo    = demo legacy store catalog base
DEPS_command = $(ROOMS)
DEPS_ui      = $(ROOMS)
define TEST
$(B)/tests/$(1): $(patsubst tests/%.c,$(B)/obj/tests/%.o,$(wildcard tests/$(1)/*.c tests/support/*.c)) $(B)/obj/embedded.o $(DEPS_$(1):%=$(B)/lib/%.a)
	@mkdir -p $$(@D); $(CC) $(SANFLAGS) -o $$@ $$(filter %.o,$$^) -Wl,--start-group $(DEPS_$(1):%=$(B)/lib/%.a) -Wl,--end-group $(shell pkg-config --libs check) $(LIBS)
endef
$(foreach r,$(ROOMS),$(eval $(call TEST,$(r))))

clean: ; rm -rf build build-*
.PHONY: all check demo bench fuzz lint format install clean $(ROOMS:%=check-%)
