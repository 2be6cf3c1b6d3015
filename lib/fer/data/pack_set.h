// Writes packed sets (packed_file.h) image by image: of any size, in any order, with several cores,
// and resumable.
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
  bool shuffle = false;   // writes the images in a random order
  std::int64_t seed = 0;  // of the order
  int threads = 1;        // that decode or draw
  Existing existing = Existing::kept;
  // A set with fewer bytes of images is complete or absent. A larger one is PATH.part until it is
  // complete (core/part_file.h), which the same call continues.
  std::size_t resumable_from = std::size_t{64} << 20;
};

struct Packed {
  at::Tensor rows;  // int64 [M], CPU: rows of the set in the order of the file, without broken ones
  std::string skipped;             // note about broken pictures; may be empty
  std::string stretched;           // note about stretched pictures; may be empty
  std::int64_t already_there = 0;  // images that an earlier call had written
};

// Reads and writes images in blocks; besides `set` itself, memory holds 8 bytes for each image. The
// file has the same bytes for any number of interruptions and threads. Returns nothing if `stop`
// was set; PATH.part then stays. @throws fer::Error as reading the images and AtomicFile do;
// PATH.part stays then, too.
std::optional<Packed> pack_set(const std::filesystem::path& path, const FaceSet& set,
                               const PackOptions& options, Log& log, const std::atomic<bool>& stop);

}  // namespace fer::data
