#include "fer/infer/speed.h"

#include <malloc.h>

#include <algorithm>
#include <chrono>

#include "fer/infer/classify_faces.h"

namespace fer::infer {

namespace {

constexpr std::size_t kFewestRuns = 5;

// Noise: what a network computes takes as long whatever it sees.
std::vector<FacePixels> noise_faces(std::size_t count) {
  std::vector<FacePixels> faces(count);
  std::uint32_t state = 1;
  for (FacePixels& face : faces) {
    for (std::uint8_t& level : face) {
      state = state * 1664525U + 1013904223U;
      level = static_cast<std::uint8_t>(state >> 24);
    }
  }
  return faces;
}

std::int64_t heap_bytes() {
  const struct mallinfo2 heap = mallinfo2();
  return static_cast<std::int64_t>(heap.uordblks + heap.hblkhd);
}

double seconds_of(const ClassifyFaces& classify, std::span<const FacePixels> faces) {
  const auto start = std::chrono::steady_clock::now();
  classify(faces);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

BatchSpeed speed_of(const ClassifyFaces& classify, std::span<const FacePixels> faces,
                    double seconds) {
  std::vector<double> runs;
  double sum = 0.0;
  seconds_of(classify, faces);  // memory and caches are made
  while (sum < seconds || runs.size() < kFewestRuns) {
    runs.push_back(seconds_of(classify, faces));
    sum += runs.back();
  }
  std::nth_element(runs.begin(), runs.begin() + std::ssize(runs) / 2, runs.end());
  const double median = runs[runs.size() / 2];
  return {faces.size(), static_cast<double>(faces.size()) / median, median * 1000.0};
}

}  // namespace

ModelSpeed measure_speed(const std::vector<model::NamedModel>& models,
                         const std::vector<std::size_t>& batches, double seconds, int threads,
                         Precision precision) {
  const std::vector<FacePixels> faces =
      noise_faces(*std::max_element(batches.begin(), batches.end()));
  const std::int64_t before = heap_bytes();
  const ClassifyFaces classify = classify_with(models, Tta::none, threads, precision);
  ModelSpeed speed;
  for (const std::size_t count : batches) {
    speed.batches.push_back(speed_of(classify, std::span(faces).first(count), seconds));
  }
  speed.bytes = heap_bytes() - before;
  return speed;
}

}  // namespace fer::infer
