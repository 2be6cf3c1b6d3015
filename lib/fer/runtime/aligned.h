// Memory that starts on a cache line, so that no vector crosses two lines.
#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace fer::runtime {

template <typename Element>
struct CacheLineAllocator {
  using value_type = Element;
  static constexpr std::align_val_t kLine{64};

  CacheLineAllocator() = default;
  template <typename Other>
  explicit CacheLineAllocator(const CacheLineAllocator<Other>&) {}

  Element* allocate(std::size_t count) {
    return static_cast<Element*>(::operator new(count * sizeof(Element), kLine));
  }
  void deallocate(Element* memory, std::size_t) { ::operator delete(memory, kLine); }
  bool operator==(const CacheLineAllocator&) const = default;
};

template <typename Element>
using AlignedVector = std::vector<Element, CacheLineAllocator<Element>>;

}  // namespace fer::runtime
