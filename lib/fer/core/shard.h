// One of N parts of some work, each done by a process that does not talk to the others (--shard).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "fer/core/environment.h"

namespace fer {

// Shard `number` of `count`, counted from 1.
struct Shard {
  static constexpr std::int64_t kMost = 1'000'000;

  std::int64_t number = 1;
  std::int64_t count = 1;

  bool whole() const { return count == 1; }
  // Whether the file `name` belongs to this shard. Each name belongs to one shard, the same on
  // every machine: XXH3-64 of its bytes, modulo `count`.
  bool takes(std::string_view name) const;
  std::string text() const;  // "3 of 16"
};

// Parses the option "shard", such as "3/16". "auto" asks what started this process: a Slurm array
// from 0 or 1 on (SLURM_ARRAY_TASK_ID, _MIN, _MAX and _COUNT), torchrun (RANK, WORLD_SIZE), Open
// MPI (OMPI_COMM_WORLD_RANK, _SIZE) or srun (SLURM_PROCID, SLURM_STEP_NUM_TASKS), the first that is
// set. "" means the whole work. @throws fer::OptionError for anything else.
Shard shard_of(const std::string& text, const Variables& variables);

// The file of one shard: "faces.jsonl" becomes "faces.03-of-16.jsonl".
std::filesystem::path path_of_shard(const std::filesystem::path& path, const Shard& shard);

struct ShardFile {
  Shard shard;
  std::filesystem::path whole;  // the path that path_of_shard() got
};

// The shard of a file that path_of_shard() named; nothing for other names.
std::optional<ShardFile> shard_file_of(const std::filesystem::path& path);

}  // namespace fer
