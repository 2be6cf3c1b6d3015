// Timed from inside, for scripts/bench.sh: `fer-bench csv FILE [THREADS]` prints one line of JSON.
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>

#include "fer/commands/common_options.h"
#include "fer/core/error.h"
#include "fer/data/fer2013_csv.h"

namespace {

int bench_csv(const std::string& path, const fer::CommonOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  const fer::FaceSet set = fer::read_fer2013_csv(path, options.thread_count());
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::cout << "{\"seconds\": " << seconds << ", \"images\": " << set.size() << "}\n";
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3 || std::string(argv[1]) != "csv") {
    std::cerr << "usage: fer-bench csv FILE [THREADS]\n";
    return 2;
  }
  fer::CommonOptions options;
  if (argc > 3) options.threads = std::atoi(argv[3]);
  fer::set_up_process(options);
  try {
    return bench_csv(argv[2], options);
  } catch (const fer::Error& error) {
    std::cerr << "fer-bench: error: " << error.what() << '\n';
    return 1;
  }
}
