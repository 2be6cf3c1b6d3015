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
using Bytes = std::uint8_t __attribute__((vector_size(4)));
using Floats = float __attribute__((vector_size(16)));

// How much of a pixel of the result lies over one of the picture, along one axis.
struct Tap {
  int to, from;
  float share;
};

// In OpenCV's arithmetic: shares below a thousandth of a pixel are left out.
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

Floats pixel_at(const std::uint8_t* from) {
  Bytes pixel;
  std::memcpy(&pixel, from, sizeof(pixel));
  return __builtin_convertvector(pixel, Floats);
}

// The last pixel of a picture has no byte behind it.
Floats last_pixel_at(const std::uint8_t* from) {
  Bytes pixel{};
  std::memcpy(&pixel, from, kChannels);
  return __builtin_convertvector(pixel, Floats);
}

// A row of the picture as a row of sums, [w] pixels of four floats.
void add_up_row(const std::uint8_t* row, int width, const std::vector<Tap>& taps, Floats* sums) {
  const int last = width - 1;
  for (const Tap& tap : taps) {
    const std::uint8_t* from = row + std::ptrdiff_t{tap.from} * kChannels;
    sums[tap.to] += (tap.from == last ? last_pixel_at(from) : pixel_at(from)) * tap.share;
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
  std::vector<Floats> row(static_cast<std::size_t>(to.cols)), sums(row.size());
  int at = 0;
  for (const Tap& tap : taps_of(picture.rows, to.rows)) {
    if (tap.to != at) {
      write_row(sums, to.ptr<std::uint8_t>(at));
      std::fill(sums.begin(), sums.end(), Floats{});
      at = tap.to;
    }
    std::fill(row.begin(), row.end(), Floats{});
    add_up_row(picture.ptr<std::uint8_t>(tap.from), picture.cols, columns, row.data());
    for (std::size_t i = 0; i < row.size(); ++i) sums[i] += row[i] * tap.share;
  }
  write_row(sums, to.ptr<std::uint8_t>(at));
}

}  // namespace fer::image
