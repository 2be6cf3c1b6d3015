// Benchmarks for scripts/bench.sh that are timed inside the process; each prints one line of JSON:
//   fer-bench csv FILE [THREADS]
//   fer-bench infer MODEL BATCH [THREADS] [SECONDS] [PRECISION]
#include <ATen/ops/randint.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <span>
#include <string>
#include <vector>

#include "fer/commands/engine.h"
#include "fer/core/error.h"
#include "fer/core/face.h"
#include "fer/data/fer2013_csv.h"
#include "fer/nn/frozen_model.h"
#include "fer/nn/model.h"

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Sets up the process like the programs do; `threads` may be null.
fer::commands::CommonOptions set_up(const char* threads) {
  fer::commands::CommonOptions options;
  if (threads != nullptr) options.threads = std::atoi(threads);
  fer::commands::torch_engine().set_up(options);
  return options;
}

int bench_csv(std::span<char*> arguments) {
  const fer::commands::CommonOptions options =
      set_up(arguments.size() > 1 ? arguments[1] : nullptr);
  const auto start = Clock::now();
  const fer::data::FaceSet set = fer::data::read_fer2013_csv(arguments[0], options.thread_count());
  std::cout << "{\"seconds\": " << seconds_since(start) << ", \"images\": " << set.size() << "}\n";
  return 0;
}

// Classifies batches of drawn faces for the given time; the first few do not count.
int bench_infer(std::span<char*> arguments) {
  const std::int64_t batch = std::max(std::atoi(arguments[1]), 1);
  set_up(arguments.size() > 2 ? arguments[2] : nullptr);
  const double seconds = arguments.size() > 3 ? std::atof(arguments[3]) : 2.0;
  const char* precision = arguments.size() > 4 ? arguments[4] : "float32";
  const fer::nn::FrozenModel model(fer::nn::load_model(arguments[0]),
                                   fer::infer::precision_named(precision));
  const at::Tensor faces = at::randint(256, {batch, fer::kFaceSide, fer::kFaceSide}, at::kByte);
  for (int i = 0; i < 5; ++i) model.probabilities(faces, batch);
  std::vector<double> taken;
  const auto start = Clock::now();
  while (taken.size() < 3 || seconds_since(start) < seconds) {
    const auto begin = Clock::now();
    model.probabilities(faces, batch);
    taken.push_back(seconds_since(begin));
  }
  const double all = seconds_since(start);
  const std::size_t count = taken.size();
  std::nth_element(taken.begin(), taken.begin() + static_cast<std::ptrdiff_t>(count / 2),
                   taken.end());
  std::cout << "{\"images_per_second\": "
            << static_cast<double>(count) * static_cast<double>(batch) / all
            << ", \"milliseconds_a_batch\": " << taken[count / 2] * 1e3
            << ", \"batches\": " << count << "}\n";
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::span<char*> arguments(argv, static_cast<std::size_t>(argc));
  const std::string what = argc > 1 ? argv[1] : "";
  try {
    if (what == "csv" && argc > 2) return bench_csv(arguments.subspan(2));
    if (what == "infer" && argc > 3) return bench_infer(arguments.subspan(2));
  } catch (const fer::Error& error) {
    std::cerr << "fer-bench: error: " << error.what() << '\n';
    return 1;
  }
  std::cerr << "usage: fer-bench csv FILE [THREADS]\n"
               "       fer-bench infer MODEL BATCH [THREADS] [SECONDS] [PRECISION]\n";
  return 2;
}
