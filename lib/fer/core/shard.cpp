#include "fer/core/shard.h"

#include <array>
#include <regex>

#include "fer/core/hash.h"
#include "fer/core/number.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"

namespace fer {

namespace {

constexpr const char* kOption = "shard";
constexpr const char* kAllowed = "allowed: K/N, which is shard K, from 1 to N, of N; or auto";

// The environment variables by which a launcher numbers its processes, from 0.
struct Counted {
  const char* launcher;
  const char* number;
  const char* count;
};

constexpr std::array<Counted, 3> kLaunchers = {{
    {"torchrun", "RANK", "WORLD_SIZE"},
    {"Open MPI", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"},
    {"srun", "SLURM_PROCID", "SLURM_STEP_NUM_TASKS"},
}};

// A whole number from an environment variable. @throws fer::OptionError where there is none.
std::int64_t number_in(const Variables& variables, const std::string& name) {
  const auto found = variables.find(name);
  if (found == variables.end()) {
    throw OptionError(kOption, "auto", "the environment variable " + name + " is not set");
  }
  const std::optional<std::int64_t> number = to_number<std::int64_t>(found->second);
  if (!number || *number < 0 || *number > Shard::kMost) {
    throw OptionError(kOption, "auto",
                      "the environment variable " + name + " is " + quote(found->second) +
                          "; allowed: a whole number from 0 to " + grouped(Shard::kMost));
  }
  return *number;
}

std::int64_t number_in_or(const Variables& variables, const std::string& name,
                          std::int64_t fallback) {
  return variables.contains(name) ? number_in(variables, name) : fallback;
}

Shard checked(const Shard& shard, const std::string& text, const std::string& says) {
  const bool fits = shard.number >= 1 && shard.number <= shard.count && shard.count <= Shard::kMost;
  if (fits) return shard;
  throw OptionError(kOption, text,
                    says + "; allowed: shards from 1 to N, with N up to " + grouped(Shard::kMost));
}

// Only for an array with all shards, each once: an array that repeats some of the shards counts
// them anew, so its numbers would mean other shards.
Shard shard_of_array(const Variables& variables) {
  const std::int64_t id = number_in(variables, "SLURM_ARRAY_TASK_ID");
  const std::int64_t first = number_in(variables, "SLURM_ARRAY_TASK_MIN");
  const std::int64_t last = number_in(variables, "SLURM_ARRAY_TASK_MAX");
  const std::int64_t count = last - first + 1;
  if (first > 1 || number_in_or(variables, "SLURM_ARRAY_TASK_COUNT", count) != count) {
    throw OptionError(kOption, "auto",
                      "the Slurm array does not have all numbers from 0 or 1 on, as 1-16 "
                      "has; name the shard: \"$SLURM_ARRAY_TASK_ID/16\"");
  }
  if (number_in_or(variables, "SLURM_STEP_NUM_TASKS", 1) > 1) {
    throw OptionError(kOption, "auto",
                      "several processes of one srun are in a Slurm array, and would all do the "
                      "same shard; name the shard as K/N");
  }
  return checked({id - first + 1, count}, "auto",
                 "the Slurm array says " + Shard{id - first + 1, count}.text());
}

Shard shard_of_launcher(const Variables& variables) {
  if (variables.contains("SLURM_ARRAY_TASK_ID")) return shard_of_array(variables);
  for (const Counted& launcher : kLaunchers) {
    if (!variables.contains(launcher.number)) continue;
    const Shard shard{number_in(variables, launcher.number) + 1,
                      number_in(variables, launcher.count)};
    return checked(shard, "auto", std::string(launcher.launcher) + " says " + shard.text());
  }
  throw OptionError(kOption, "auto",
                    "no launcher is known to have started this process; known are Slurm's arrays "
                    "and srun, mpirun of Open MPI, and torchrun");
}

}  // namespace

bool Shard::takes(std::string_view name) const {
  if (whole()) return true;
  const std::uint64_t hash = hash64(name.data(), name.size());
  return hash % static_cast<std::uint64_t>(count) == static_cast<std::uint64_t>(number - 1);
}

std::string Shard::text() const { return std::to_string(number) + " of " + std::to_string(count); }

Shard shard_of(const std::string& text, const Variables& variables) {
  if (text.empty()) return {};
  if (text == "auto") return shard_of_launcher(variables);
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos) throw OptionError(kOption, quote(text), kAllowed);
  const auto number = to_number<std::int64_t>(text.substr(0, slash));
  const auto count = to_number<std::int64_t>(text.substr(slash + 1));
  if (!number || !count) throw OptionError(kOption, quote(text), kAllowed);
  return checked({*number, *count}, text, "there is no such shard");
}

std::filesystem::path path_of_shard(const std::filesystem::path& path, const Shard& shard) {
  const std::string count = std::to_string(shard.count);
  std::string number = std::to_string(shard.number);
  number.insert(0, count.size() - number.size(), '0');  // so that they sort by number
  std::filesystem::path result = path;
  result.replace_extension();
  result += "." + number + "-of-" + count + path.extension().string();
  return result;
}

std::optional<ShardFile> shard_file_of(const std::filesystem::path& path) {
  static const std::regex pattern(R"((.*)\.(\d{1,7})-of-(\d{1,7})(\.[^.]*)?)");
  const std::string name = path.filename().string();
  std::smatch parts;
  if (!std::regex_match(name, parts, pattern)) return std::nullopt;
  const Shard shard{std::stoll(parts[2].str()), std::stoll(parts[3].str())};
  if (shard.number < 1 || shard.number > shard.count || shard.count > Shard::kMost) {
    return std::nullopt;
  }
  return ShardFile{shard, path.parent_path() / (parts[1].str() + parts[4].str())};
}

}  // namespace fer
