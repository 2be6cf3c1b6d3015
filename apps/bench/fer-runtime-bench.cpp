// Times runtime/ and LibTorch's operators (oneDNN's fused convolutions) in turns within one
// process, so that other load on the machine affects both:
//   fer-runtime-bench MODEL… [--threads N] [--seconds S]
// Prints a line of JSON for each model and batch size: images a second, each the best of many short
// turns, and the median of the ratios of turns that follow each other. In int8 are models that have
// scales for it (fer-model quantize).
#include <ATen/Parallel.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/softmax.h>
#include <c10/core/InferenceMode.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/face.h"
#include "fer/model/input_spec.h"
#include "fer/model/model_file.h"
#include "fer/nn/model.h"
#include "fer/nn/normalise.h"
#include "fer/runtime/executable.h"

namespace {

using Clock = std::chrono::steady_clock;
using fer::runtime::Precision;

constexpr int kBatches[] = {1, 16, 64, 256};
constexpr double kTurn = 0.02;  // seconds

struct Options {
  std::vector<std::string> models;
  int threads = 1;
  double seconds = 2.0;
};

Options options_of(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--threads" && i + 1 < argc) {
      options.threads = std::max(std::atoi(argv[++i]), 1);
    } else if (word == "--seconds" && i + 1 < argc) {
      options.seconds = std::atof(argv[++i]);
    } else {
      options.models.push_back(word);
    }
  }
  return options;
}

// Processor time of this process, so that with one thread other load does not count.
double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double wall_seconds() {
  return std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
}

// The seconds of the fastest call in a turn.
template <typename Function>
double turn(int threads, const Function& work) {
  const auto seconds = threads == 1 ? processor_seconds : wall_seconds;
  double best = 1e9;
  const auto start = Clock::now();
  do {
    const double begin = seconds();
    work();
    best = std::min(best, seconds() - begin);
  } while (std::chrono::duration<double>(Clock::now() - start).count() < kTurn);
  return best;
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

struct Contender {
  std::vector<double> seconds;  // of each turn
  double best() const { return *std::min_element(seconds.begin(), seconds.end()); }
};

// The module's own forward: LibTorch's operators, one after the other.
class LibtorchModel {
 public:
  explicit LibtorchModel(const std::string& path) : model_(fer::nn::load_model(path)) {}

  at::Tensor probabilities(const at::Tensor& faces) const {
    const c10::InferenceMode inference;
    const at::Tensor logits = model_.net->forward(fer::nn::normalise(faces, model_.info.input));
    return at::softmax(logits / model_.info.temperature, 1);
  }

 private:
  fer::nn::Model model_;
};

// A network of runtime/ with everything that prediction adds.
class OwnModel {
 public:
  OwnModel(const std::string& path, Precision precision, fer::runtime::Team& team) : team_(team) {
    const fer::model::Model model = fer::model::read_model(path);
    const fer::model::ModelInfo& info = model.info;
    classes_ = static_cast<std::int64_t>(info.labels.size());
    temperature_ = info.temperature;
    const fer::model::Normalisation rule(info.input);
    levels_.emplace(rule.scale, rule.shift);
    fer::runtime::CompileOptions options;
    options.precision = precision;
    net_.emplace(fer::model::graph_of(model, path), options);
  }

  std::vector<float> probabilities(std::span<const std::uint8_t> faces) const {
    std::vector<float> rows = std::move(net_->run(faces, *levels_, team_).front());
    fer::runtime::softmax_rows(rows, classes_, temperature_);
    return rows;
  }

 private:
  fer::runtime::Team& team_;
  std::int64_t classes_ = 0;
  double temperature_ = 1.0;
  std::optional<fer::runtime::GreyLevels> levels_;
  std::optional<fer::runtime::Executable> net_;
};

// The median ratio of consecutive turns, above 1 if `own` is faster.
double ratio_of(const Contender& own, const Contender& other) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < own.seconds.size(); ++i) {
    ratios.push_back(other.seconds[i] / own.seconds[i]);
  }
  return median(std::move(ratios));
}

void print_ratio(const char* name, const Contender& own, const Contender& other, int batch) {
  std::cout << ", \"" << name << "\": " << batch / own.best() << ", \"" << name
            << "_ratio\": " << ratio_of(own, other);
}

void bench(const std::string& path, const Options& options) {
  fer::runtime::Team team(options.threads);
  const LibtorchModel libtorch(path);
  const OwnModel float32(path, Precision::float32, team);
  std::optional<OwnModel> bfloat16;
  if (fer::runtime::runs_bfloat16(fer::runtime::chosen_instructions())) {
    bfloat16.emplace(path, Precision::bfloat16, team);
  }
  std::optional<OwnModel> int8;
  if (!fer::model::read_model(path).info.eight_bit.of_inputs.empty()) {
    int8.emplace(path, Precision::int8, team);
  }
  for (const int batch : kBatches) {
    const at::Tensor faces = at::randint(256, {batch, fer::kFaceSide, fer::kFaceSide}, at::kByte);
    const std::span<const std::uint8_t> bytes(faces.const_data_ptr<std::uint8_t>(),
                                              static_cast<std::size_t>(faces.numel()));
    Contender operators, exact, rough, integers;
    const auto start = Clock::now();
    while (std::chrono::duration<double>(Clock::now() - start).count() < options.seconds) {
      operators.seconds.push_back(turn(options.threads, [&] { libtorch.probabilities(faces); }));
      exact.seconds.push_back(turn(options.threads, [&] { float32.probabilities(bytes); }));
      if (bfloat16)
        rough.seconds.push_back(turn(options.threads, [&] { bfloat16->probabilities(bytes); }));
      if (int8)
        integers.seconds.push_back(turn(options.threads, [&] { int8->probabilities(bytes); }));
    }
    std::cout << "{\"model\": \"" << path << "\", \"batch\": " << batch
              << ", \"threads\": " << options.threads << ", \"instructions\": \""
              << name_of(fer::runtime::chosen_instructions())
              << "\", \"libtorch\": " << batch / operators.best();
    print_ratio("float32", exact, operators, batch);
    if (bfloat16) print_ratio("bfloat16", rough, operators, batch);
    if (int8) print_ratio("int8", integers, operators, batch);
    if (int8) std::cout << ", \"int8_to_float32\": " << ratio_of(integers, exact);
    if (int8 && bfloat16) std::cout << ", \"int8_to_bfloat16\": " << ratio_of(integers, rough);
    std::cout << "}" << std::endl;
  }
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = options_of(argc, argv);
  if (options.models.empty()) {
    std::cerr << "usage: fer-runtime-bench MODEL… [--threads N] [--seconds S]\n";
    return 2;
  }
  at::set_num_threads(options.threads);
  try {
    for (const std::string& model : options.models) bench(model, options);
  } catch (const fer::Error& error) {
    std::cerr << "fer-runtime-bench: error: " << error.what() << '\n';
    return 1;
  }
  return 0;
}
