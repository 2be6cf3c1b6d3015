#include "fer/infer/speed.h"

#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "fer/infer/classify_faces.h"

namespace fer::infer {

namespace {

constexpr std::size_t kFewestRuns = 5;

// Noise will do, because a network takes the same time for any face.
Faces noise_faces(std::size_t count, const FaceFormat& format) {
  std::vector<std::uint8_t> levels(count * format.bytes());
  std::uint32_t state = 1;
  for (std::uint8_t& level : levels) {
    state = state * 1664525U + 1013904223U;
    level = static_cast<std::uint8_t>(state >> 24);
  }
  return {format, std::move(levels)};
}

std::int64_t heap_bytes() {
  const struct mallinfo2 heap = mallinfo2();
  return static_cast<std::int64_t>(heap.uordblks + heap.hblkhd);
}

double seconds_of(const ClassifyFaces& classify, FacesView faces) {
  const auto start = std::chrono::steady_clock::now();
  classify(faces);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

BatchSpeed speed_of(const ClassifyFaces& classify, FacesView faces, double seconds) {
  std::vector<double> runs;
  double sum = 0.0;
  seconds_of(classify, faces);  // warms up memory and caches
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
  const std::int64_t before = heap_bytes();
  const ClassifyFaces classify = classify_with(models, Tta::none, threads, precision);
  const Faces faces =
      noise_faces(*std::max_element(batches.begin(), batches.end()), classify.wanted().format);
  ModelSpeed speed;
  for (const std::size_t count : batches) {
    speed.batches.push_back(speed_of(classify, FacesView(faces).first(count), seconds));
  }
  speed.bytes = heap_bytes() - before - static_cast<std::int64_t>(FacesView(faces).bytes().size());
  return speed;
}

}  // namespace fer::infer
