/* Arrays that grow and are used again. */
#ifndef CIVICTAG_MEMORY_H
#define CIVICTAG_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* `array` with room for `count` items; on failure `array` itself, and *ok becomes false. */
static inline void *regrow(void *array, size_t count, size_t item, bool *ok)
{
    void *grown = count <= SIZE_MAX / item ? realloc(array, count * item) : NULL;
    if (grown == NULL)
        *ok = false;
    return grown ? grown : array;
}

/* What lies at `address` is read soon. */
static inline void read_soon(const void *address)
{
#if defined(__GNUC__)
    __builtin_prefetch(address);
#else
    (void)address;
#endif
}

/* How many items to make room for when `needed` are; less in reserve where they are millions. */
static inline size_t roomy(size_t needed) { return needed + needed / (needed < 1 << 20 ? 4 : 16) + 64; }

/* `array`, which holds `count` of `*room` items, with room for one more; NULL when memory is short. */
static inline void *one_more(void *array, size_t count, size_t *room, size_t item)
{
    bool ok = true;
    if (count < *room)
        return array;
    array = regrow(array, roomy(count), item, &ok);
    if (ok)
        *room = roomy(count);
    return ok ? array : NULL;
}

#endif
