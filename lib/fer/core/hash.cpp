#include "fer/core/hash.h"

// Header-only use: the hash then needs no library at run time.
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace fer {

struct Hasher::State {
  XXH3_state_t state;
};

std::uint64_t hash64(const void* data, std::size_t bytes) { return XXH3_64bits(data, bytes); }

std::string hex64(std::uint64_t value) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text(16, '0');
  for (std::size_t i = 16; i-- > 0; value >>= 4) text[i] = kDigits[value & 15];
  return text;
}

Hasher::Hasher() : state_(std::make_unique<State>()) { XXH3_64bits_reset(&state_->state); }
Hasher::~Hasher() = default;

void Hasher::add(const void* data, std::size_t bytes) {
  XXH3_64bits_update(&state_->state, data, bytes);
}

std::uint64_t Hasher::value() const { return XXH3_64bits_digest(&state_->state); }

}  // namespace fer
