// Runs every target with the kept inputs of fuzzing, corpus/TARGET/*, and cut-off forms of them: an
// ordinary test, with any compiler. `fuzz_replay FOLDER [TARGET]`. A failure ends the process,
// after the name of its file.
#include <algorithm>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "fer/core/files.h"
#include "fuzz/target_table.h"

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostBytes = 1 << 20;

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// The input lies in a block of just its size, so that a sanitizer sees reads behind it.
void run(const fer::fuzz::Target& target, std::string_view bytes) {
  const auto copy = std::make_unique<char[]>(bytes.size());
  if (!bytes.empty()) std::memcpy(copy.get(), bytes.data(), bytes.size());
  target.run({copy.get(), bytes.size()});
}

// Returns the number of files.
std::size_t replay(const fer::fuzz::Target& target, const fs::path& folder) {
  const std::vector<fs::path> files = files_in(folder);
  for (const fs::path& file : files) {
    std::cout << target.name << ' ' << file.filename().string() << std::endl;
    const std::string bytes = fer::read_file(file, kMostBytes);
    run(target, bytes);
    run(target, std::string_view(bytes).substr(0, bytes.size() / 2));
  }
  return files.size();
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) {
    std::cerr << "usage: fuzz_replay FOLDER [TARGET]\n";
    return 2;
  }
  bool complete = true;
  std::size_t files = 0;
  for (const fer::fuzz::Target& target : fer::fuzz::kTargets) {
    if (count > 2 && target.name != arguments[2]) continue;
    const fs::path folder = fs::path(arguments[1]) / target.name;
    const std::size_t there = fs::is_directory(folder) ? replay(target, folder) : 0;
    if (there == 0) std::cerr << "fuzz_replay: error: " << folder.string() << " has no file\n";
    complete &= there > 0;
    files += there;
  }
  std::cout << files << " files\n";
  return complete && files > 0 ? 0 : 1;
}
