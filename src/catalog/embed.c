/* embed: build-time only. Turns the files named as arguments into one C file with a table of
 * {path, bytes, length}, sorted by path, so that views, SQL and migrations travel inside the program. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_path(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static long embed(const char *path, int index)
{
    FILE *f = fopen(path, "rb");
    if (!f) {
        perror(path);
        exit(1);
    }
    printf("static const unsigned char file_%d[] = {", index);
    long n = 0;
    for (int c; (c = getc(f)) != EOF; n++)
        printf(n % 24 ? "%d," : "\n%d,", c);
    fclose(f);
    printf("0};\n");
    return n;
}

int main(int argc, char **argv)
{
    qsort(argv + 1, (size_t)(argc - 1), sizeof *argv, by_path);
    long *sizes = calloc((size_t)argc, sizeof *sizes);
    if (!sizes)
        return 1;
    printf("#include \"catalog/embedded.h\"\n");
    for (int i = 1; i < argc; i++)
        sizes[i] = embed(argv[i], i);
    printf("const embedded_file embedded_files[] = {\n");
    for (int i = 1; i < argc; i++)
        printf("    {\"%s\", (const char *)file_%d, %ld},\n", argv[i], i, sizes[i]);
    printf("    {0, 0, 0},\n};\nconst size_t embedded_count = %d;\n", argc - 1);
    free(sizes);
    return 0;
}
