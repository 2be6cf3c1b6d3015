#include "fer/core/output_place.h"

#include <cerrno>
#include <cstring>

#include "fer/core/error.h"
#include "fer/core/number.h"

namespace fer {

namespace {

namespace fs = std::filesystem;

// Linux's own bound.
constexpr int kMostLinks = 40;

// The descriptor of "/proc/self/fd/1", under any of its names. That link must not be followed: it
// leads to the open file's name, and a file opened by that name would not be written at the
// stream's position.
std::optional<int> own_descriptor(const fs::path& path) {
  std::error_code code;
  const fs::path folder = fs::canonical(path.parent_path(), code);
  if (code) return std::nullopt;
  const fs::path own = fs::canonical("/proc/self/fd", code);
  if (code || folder != own) return std::nullopt;
  return to_number<int>(path.filename().string());
}

}  // namespace

OutputPlace output_place(const fs::path& path) {
  fs::path there = path;
  for (int links = 0; links <= kMostLinks; ++links) {
    if (const auto descriptor = own_descriptor(there)) return {there, descriptor};
    std::error_code code;
    const fs::path next = fs::read_symlink(there, code);
    if (code) return {there, std::nullopt};
    there = there.parent_path() / next;
  }
  throw Error(path.string() + ": cannot be written: " + std::strerror(ELOOP));
}

std::string refusal(const fs::path& folder, int code) {
  const std::string shown = folder.empty() ? "the current folder" : folder.string();
  if (code == EACCES || code == EPERM) return shown + " must not be written to";
  if (code == EROFS) return shown + " is on a disk that can only be read";
  return std::strerror(code);
}

}  // namespace fer
