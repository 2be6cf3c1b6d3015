#include "fer/image/shrink.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace fer::image {

namespace {

constexpr int kChannels = 3;

// A pixel is three of its four numbers; what the fourth holds does not matter.
using Floats = float __attribute__((vector_size(16)));

// How much of a pixel of the result lies over one of the picture, along one axis.
struct Tap {
  int to, from;
  float share;
};

// The taps of each result, in OpenCV's arithmetic: shares below a thousandth of a pixel are left
// out.
std::vector<Tap> taps_of(int from_size, int to_size) {
  constexpr double kLeast = 1e-3;
  const double scale = 1.0 / (static_cast<double>(to_size) / from_size);
  std::vector<Tap> taps;
  for (int to = 0; to < to_size; ++to) {
    const double begin = to * scale, end = begin + scale;
    const double width = std::min(scale, from_size - begin);
    const int last = std::min(static_cast<int>(std::floor(end)), from_size - 1);
    const int first = std::min(static_cast<int>(std::ceil(begin)), last);
    if (first - begin > kLeast) {
      taps.push_back({to, first - 1, static_cast<float>((first - begin) / width)});
    }
    for (int from = first; from < last; ++from) {
      taps.push_back({to, from, static_cast<float>(1.0 / width)});
    }
    if (end - last > kLeast) {
      const double share = std::min(std::min(end - last, 1.0), width) / width;
      taps.push_back({to, last, static_cast<float>(share)});
    }
  }
  return taps;
}

Floats pixel_at(const float* from) {
  Floats pixel;
  std::memcpy(&pixel, from, sizeof(pixel));
  return pixel;
}

// Adds shares of a row of the picture's numbers, and one behind them, to each pixel of the sums.
void add_row(const std::vector<float>& row, const std::vector<Tap>& taps, float share,
             std::vector<Floats>& sums) {
  const Tap* tap = taps.data();
  const Tap* const end = tap + taps.size();
  while (tap != end) {
    const int to = tap->to;
    Floats sum{};
    for (; tap != end && tap->to == to; ++tap) {
      sum += pixel_at(row.data() + std::ptrdiff_t{tap->from} * kChannels) * tap->share;
    }
    sums[static_cast<std::size_t>(to)] += sum * share;
  }
}

void write_row(const std::vector<Floats>& sums, std::uint8_t* to) {
  for (const Floats& sum : sums) {
    for (int channel = 0; channel < kChannels; ++channel) {
      *to++ = cv::saturate_cast<std::uint8_t>(sum[channel]);
    }
  }
}

bool is_whole(int from, int to) { return from % to == 0; }

}  // namespace

void shrink(const cv::Mat& picture, cv::Mat& to) {
  const bool whole = is_whole(picture.cols, to.cols) && is_whole(picture.rows, to.rows);
  if (whole || picture.type() != CV_8UC3) {  // there OpenCV has vectors, too
    cv::resize(picture, to, to.size(), 0, 0, cv::INTER_AREA);
    return;
  }
  const std::vector<Tap> columns = taps_of(picture.cols, to.cols);
  const auto numbers = static_cast<std::size_t>(picture.cols) * kChannels;
  std::vector<float> row(numbers + 1);
  std::vector<Floats> sums(static_cast<std::size_t>(to.cols));
  int at = 0;
  for (const Tap& tap : taps_of(picture.rows, to.rows)) {
    if (tap.to != at) {
      write_row(sums, to.ptr<std::uint8_t>(at));
      std::fill(sums.begin(), sums.end(), Floats{});
      at = tap.to;
    }
    const auto* levels = picture.ptr<std::uint8_t>(tap.from);
    for (std::size_t i = 0; i < numbers; ++i) row[i] = static_cast<float>(levels[i]);
    add_row(row, columns, tap.share, sums);
  }
  write_row(sums, to.ptr<std::uint8_t>(at));
}

}  // namespace fer::image
