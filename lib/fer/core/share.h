// A part of some work that several processes divide among themselves without talking to each other.
// Messages and docs call it a shard, as the option that names it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "fer/core/environment.h"

namespace fer {

// Share `number` of `count`, counted from 1.
struct Share {
  static constexpr std::int64_t kMost = 1'000'000;

  std::int64_t number = 1;
  std::int64_t count = 1;

  bool whole() const { return count == 1; }
  // Whether this share has what is called so. Each name belongs to one share, the same on every
  // machine: XXH3-64 of its bytes, modulo `count`.
  bool takes(std::string_view name) const;
  std::string text() const;  // "3 of 16"
};

// "3/16", as the option "shard" has it. "auto" takes what started this process: a Slurm array from
// 0 or 1 on (SLURM_ARRAY_TASK_ID, _MIN, _MAX and _COUNT), torchrun (RANK, WORLD_SIZE), Open MPI
// (OMPI_COMM_WORLD_RANK, _SIZE) or srun (SLURM_PROCID, SLURM_STEP_NUM_TASKS), the first that is
// set. "": the whole work. @throws fer::OptionError for anything else.
Share share_of(const std::string& text, const Variables& variables);

// The file of one share: "faces.jsonl" becomes "faces.03-of-16.jsonl".
std::filesystem::path path_of_share(const std::filesystem::path& path, const Share& share);

struct ShareFile {
  Share share;
  std::filesystem::path whole;  // what path_of_share() was given
};

// The reverse; nothing for other names.
std::optional<ShareFile> share_file_of(const std::filesystem::path& path);

}  // namespace fer
