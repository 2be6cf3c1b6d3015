#include "fer/core/processor.h"

#include <sched.h>

#include <algorithm>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace fer {

bool processor_has_bf16() {
#if defined(__x86_64__)
  // Intel SDM volume 2A, CPUID leaf 7: subleaf 0 EDX bit 22 is AMX-BF16, subleaf 1 EAX bit 5 is
  // AVX512_BF16.
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  if (__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) == 0) return false;
  if ((edx >> 22 & 1U) != 0) return true;
  if (__get_cpuid_count(7, 1, &eax, &ebx, &ecx, &edx) == 0) return false;
  return (eax >> 5 & 1U) != 0;
#else
  return false;
#endif
}

int usable_cores() {
  cpu_set_t cores;
  if (sched_getaffinity(0, sizeof(cores), &cores) != 0) return 1;
  return std::max(1, CPU_COUNT(&cores));
}

}  // namespace fer
