// Times the inner loops one by one with Google Benchmark (`fer-kernel-bench --help`), for changes
// of one of them; scripts/bench.sh compares whole programs.
#include <ATen/ops/randint.h>
#include <benchmark/benchmark.h>

#include <filesystem>
#include <string>

#include "fer/augment/augment.h"
#include "fer/commands/engine.h"
#include "fer/core/files.h"
#include "fer/data/equal_images.h"
#include "fer/data/fer2013_csv.h"
#include "fer/nn/architectures.h"
#include "fer/nn/frozen_model.h"
#include "fer/nn/memory_format.h"
#include "fer/nn/normalise.h"
#if FER_WITH_VISION
#include <opencv2/core/mat.hpp>

#include "fer/image/image.h"
#endif

namespace {

constexpr std::int64_t kBatch = 64;

at::Tensor faces(std::int64_t count) {
  return at::randint(256, {count, fer::kFaceSide, fer::kFaceSide}, at::kByte);
}

void count_images(benchmark::State& state, std::int64_t a_round) {
  state.SetItemsProcessed(state.iterations() * a_round);
}

void parse_csv(benchmark::State& state) {
  constexpr int kRows = 1000;
  std::string text = "emotion,pixels,Usage\n";
  for (int row = 0; row < kRows; ++row) {
    text += std::to_string(row % 7) + ",";
    for (std::size_t pixel = 0; pixel < fer::kFacePixels; ++pixel) {
      text += (pixel > 0 ? " " : "") +
              std::to_string((static_cast<std::size_t>(row) * 31 + pixel * 7) % 256);
    }
    text += ",Training\n";
  }
  const auto path = std::filesystem::temp_directory_path() / "fer-kernel-bench.csv";
  fer::write_file(path, text);
  for (auto _ : state) benchmark::DoNotOptimize(fer::data::read_fer2013_csv(path, 1));
  std::filesystem::remove(path);
  count_images(state, kRows);
}
BENCHMARK(parse_csv)->Unit(benchmark::kMillisecond);

void hash_images(benchmark::State& state) {
  const at::Tensor images = faces(1000);
  for (auto _ : state) benchmark::DoNotOptimize(fer::data::image_hashes(images));
  count_images(state, 1000);
}
BENCHMARK(hash_images)->Unit(benchmark::kMicrosecond);

void augment_batch(benchmark::State& state) {
  fer::augment::AugmentOptions options;
  options.rotation = 12.0;
  options.scale = options.shift = 0.1;
  options.brightness = options.contrast = 0.3;
  const at::Tensor images = faces(kBatch);
  const fer::RandomStream stream(1);
  for (auto _ : state)
    benchmark::DoNotOptimize(fer::augment::augment(images, options, stream, fer::kFaceSide));
  count_images(state, kBatch);
}
BENCHMARK(augment_batch)->Unit(benchmark::kMicrosecond);

void normalise_batch(benchmark::State& state) {
  const at::Tensor images = faces(kBatch);
  for (auto _ : state) benchmark::DoNotOptimize(fer::nn::normalise(images, {}));
  count_images(state, kBatch);
}
BENCHMARK(normalise_batch)->Unit(benchmark::kMicrosecond);

void classify(benchmark::State& state, const char* architecture) {
  fer::nn::Model model;
  model.info.architecture = architecture;
  model.info.labels = fer::LabelSet::fer2013();
  model.net = fer::nn::make_classifier(architecture, 7);
  fer::nn::use_channels_last(*model.net);
  const fer::nn::FrozenModel frozen(model);
  const at::Tensor images = faces(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(frozen.probabilities(images, state.range(0)));
  count_images(state, state.range(0));
}
BENCHMARK_CAPTURE(classify, seed_cnn, "seed-cnn")
    ->Arg(1)
    ->Arg(kBatch)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(classify, nano, "nano")->Arg(1)->Arg(kBatch)->Unit(benchmark::kMicrosecond);

#if FER_WITH_VISION
void crop_face(benchmark::State& state) {
  const cv::Mat photo(1080, 1920, CV_8UC3, cv::Scalar(40, 90, 160));
  for (auto _ : state)
    benchmark::DoNotOptimize(
        fer::image::face_bytes(photo, cv::Rect(700, 300, 400, 400), fer::FaceFormat{}));
  count_images(state, 1);
}
BENCHMARK(crop_face)->Unit(benchmark::kMicrosecond);
#endif

}  // namespace

int main(int argc, char** argv) {
  fer::commands::torch_engine().set_up({});
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
