/* Deferred acceptance given ready ranks, one proposal at a time; each programme keeps whom it would refuse first on top
   of a heap. `at` starts as the first wish of each applicant, and ends as the one he got, or one past his last. */
#include <stdint.h>

void deferred_acceptance(int64_t applicants, const int64_t *ends, const int32_t *programme, const int32_t *rank,
                         const int64_t *seats, int32_t *count, int32_t *ranks, int32_t *holders, int64_t *at)
{
    for (int64_t first = 0; first < applicants; first++) {
        int64_t who = first;
        while (at[who] < ends[who]) {
            int32_t p = programme[at[who]], mine = rank[at[who]], i = 0, child;
            int32_t *heap = ranks + seats[p], *holder = holders + seats[p];
            if (count[p] < seats[p + 1] - seats[p]) {
                for (i = count[p]++; i && heap[(i - 1) / 2] < mine; i = (i - 1) / 2) {
                    heap[i] = heap[(i - 1) / 2];
                    holder[i] = holder[(i - 1) / 2];
                }
                heap[i] = mine, holder[i] = who;
                break;
            }
            if (count[p] == 0 || mine > heap[0]) {
                at[who]++;
                continue;
            }
            int32_t refused = holder[0];
            for (; (child = 2 * i + 1) < count[p]; i = child) {
                child += child + 1 < count[p] && heap[child + 1] > heap[child];
                if (heap[child] < mine) break;
                heap[i] = heap[child], holder[i] = holder[child];
            }
            heap[i] = mine, holder[i] = who;
            who = refused, at[who]++;
        }
    }
}
