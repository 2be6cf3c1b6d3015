// Lets AddressSanitizer find reads beyond the end of a mapped file, which see zeros up to the end
// of the last page. Does nothing without that sanitizer.
#pragma once

#include <unistd.h>

#include <cstdint>

#if defined(__SANITIZE_ADDRESS__)
#define FER_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FER_ADDRESS_SANITIZER 1
#endif
#endif
#ifdef FER_ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
#endif

namespace fer {

// Allows or forbids reading between `end` and the end of its page.
inline void fence_rest_of_page([[maybe_unused]] const char* end, [[maybe_unused]] bool readable) {
#ifdef FER_ADDRESS_SANITIZER
  static const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const std::uintptr_t rest = (page - reinterpret_cast<std::uintptr_t>(end) % page) % page;
  if (readable) {
    ASAN_UNPOISON_MEMORY_REGION(end, rest);
  } else {
    ASAN_POISON_MEMORY_REGION(end, rest);
  }
#endif
}

}  // namespace fer
