// The tables of kernels that this processor can run; there is one for each vector width.
#pragma once

namespace fer::nn {

template <typename Kernels>
struct KernelList {
  const Kernels* items[3];  // the narrowest vectors first
  int count;

  const Kernels& widest() const { return *items[count - 1]; }
};

#if FER_X86_KERNELS
template <typename Kernels>
KernelList<Kernels> runnable_kernels(const Kernels& baseline, const Kernels& avx2,
                                     const Kernels& avx512) {
  KernelList<Kernels> list{{&baseline, nullptr, nullptr}, 1};
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    list.items[list.count++] = &avx2;
  }
  if (__builtin_cpu_supports("avx512f")) list.items[list.count++] = &avx512;
  return list;
}
#endif

}  // namespace fer::nn
