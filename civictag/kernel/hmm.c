/* jieba's hidden Markov model for words that no dictionary has: each character is the beginning
 * (B), the end (E) or the middle (M) of a word, or a word by itself (S). Viterbi's algorithm, with
 * jieba's order of additions and its preference for the later letter among equals.
 */
#include "segment.h"

#define UNSEEN (-3.14e100) /* finalseg.MIN_FLOAT */
static const double UNSEEN_ROW[STATES] = {UNSEEN, UNSEEN, UNSEEN, UNSEEN};

/* For B E M S: the two states that may come before, the earlier letter first. */
static const uint8_t BEFORE[STATES][2] = {
    {STATE_E, STATE_S}, {STATE_B, STATE_M}, {STATE_B, STATE_M}, {STATE_E, STATE_S}};

static const double *emission(const struct lexicon *lex, uint16_t code)
{
    return code < lex->emission_rows ? &lex->emissions[(size_t)code * STATES] : UNSEEN_ROW;
}

/* One step: scores after a character, and in one byte for each state which of BEFORE it came from. */
static uint8_t advance(double *scores, const double *emitted, const double *step)
{
    double after[STATES];
    uint8_t came_from = 0;
    for (int to = 0; to < STATES; to++) {
        int low = BEFORE[to][0], high = BEFORE[to][1];
        double from_low = (scores[low] + step[low * STATES + to]) + emitted[to];
        double from_high = (scores[high] + step[high * STATES + to]) + emitted[to];
        bool later = from_high >= from_low;
        after[to] = later ? from_high : from_low;
        came_from |= (uint8_t)(later << to);
    }
    for (int to = 0; to < STATES; to++)
        scores[to] = after[to];
    return came_from;
}

void block_states(struct block *b, const struct lexicon *lex, size_t start, size_t end)
{
    const double *first = emission(lex, b->codes[start]);
    double scores[STATES];
    int state;
    for (int s = 0; s < STATES; s++)
        scores[s] = lex->hmm[s] + first[s];
    for (size_t i = start + 1; i < end; i++)
        b->states[i] = advance(scores, emission(lex, b->codes[i]), lex->hmm + STATES);
    state = scores[STATE_S] >= scores[STATE_E] ? STATE_S : STATE_E;
    for (size_t i = end - 1; i > start; i--) {
        int later = b->states[i] >> state & 1;
        b->states[i] = (uint8_t)state;
        state = BEFORE[state][later];
    }
    b->states[start] = (uint8_t)state;
}
