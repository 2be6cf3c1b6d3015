// Writes packed sets (packed_file.h) image by image: of any size, in any order, by several cores,
// and gone on with where it was stopped.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "fer/core/atomic_file.h"
#include "fer/core/log.h"
#include "fer/data/face_set.h"

namespace fer::data {

struct PackOptions {
  bool shuffle = false;   // each image is written at a place that is drawn
  std::int64_t seed = 0;  // by this
  int threads = 1;        // that decode or draw
  Existing existing = Existing::kept;
  // A set whose images take fewer bytes is written in one go: until it is whole there is nothing.
  // Of others there is PATH.part until then (core/part_file.h), which the same call goes on with.
  std::size_t resumable_from = std::size_t{64} << 20;
};

struct Packed {
  at::Tensor rows;  // int64 [M], CPU: of the set, in the order of the file; broken ones left out
  std::string skipped;             // what to say of these; empty: there are none
  std::int64_t already_there = 0;  // images that an earlier call had written
};

// Images are read and written in blocks; what is held of the whole set is 8 bytes an image, and
// what `set` itself holds. The file is byte for byte the same however often it was stopped, and
// whatever the number of threads. Nothing where `stop` was set; PATH.part then stays, if there is
// one. @throws fer::Error as reading the images and AtomicFile do; PATH.part stays then, too.
std::optional<Packed> pack_set(const std::filesystem::path& path, const FaceSet& set,
                               const PackOptions& options, Log& log, const std::atomic<bool>& stop);

}  // namespace fer::data
