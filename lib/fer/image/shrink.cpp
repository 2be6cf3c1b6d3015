#include "fer/image/shrink.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <opencv2/imgproc.hpp>
#include <utility>
#include <vector>

namespace fer::image {

namespace {

constexpr int kChannels = 3;

// A pixel in three of the four numbers; the fourth is unused.
using Floats = float __attribute__((vector_size(16)));

// The part of a result pixel that one pixel of the picture covers, along one axis.
struct Tap {
  int to, from;
  float share;
};

// The taps of each result pixel, in OpenCV's arithmetic: weights below a thousandth of a pixel are
// left out.
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

// The taps as windows of equal width, so that the inner loop needs no condition: each result sums
// `width` neighbours from its first one on, some with weight zero.
struct Windows {
  int width = 1;
  std::vector<int> firsts;
  std::vector<float> shares;  // [results, width]
};

Windows windows_of(const std::vector<Tap>& taps, int from_size, int to_size) {
  Windows windows;
  std::vector<int> firsts(static_cast<std::size_t>(to_size), from_size);
  for (const Tap& tap : taps) {
    int& first = firsts[static_cast<std::size_t>(tap.to)];
    first = std::min(first, tap.from);
    windows.width = std::max(windows.width, tap.from - first + 1);
  }
  windows.shares.resize(firsts.size() * static_cast<std::size_t>(windows.width));
  for (int& first : firsts) first = std::min(first, from_size - windows.width);
  for (const Tap& tap : taps) {
    const int place = tap.from - firsts[static_cast<std::size_t>(tap.to)];
    windows.shares[static_cast<std::size_t>(tap.to * windows.width + place)] = tap.share;
  }
  windows.firsts = std::move(firsts);
  return windows;
}

Floats pixel_at(const float* from) {
  Floats pixel;
  std::memcpy(&pixel, from, sizeof(pixel));
  return pixel;
}

// The weighted sum of each window over a row of numbers, which has one more behind it. Width: of
// the windows, or 0 if it is known only at run time.
template <int Width>
void sum_windows(const std::vector<float>& row, const Windows& windows, std::vector<Floats>& sums) {
  const int width = Width > 0 ? Width : windows.width;
  const float* share = windows.shares.data();
  for (std::size_t i = 0; i < sums.size(); ++i, share += width) {
    const float* from = row.data() + std::ptrdiff_t{windows.firsts[i]} * kChannels;
    Floats sum{};
    for (int j = 0; j < width; ++j)
      sum += pixel_at(from + std::ptrdiff_t{j} * kChannels) * share[j];
    sums[i] = sum;
  }
}

using SumWindows = void (*)(const std::vector<float>&, const Windows&, std::vector<Floats>&);

// Most photos and frames of videos are two to five times as large as a detector's square.
SumWindows sum_windows_of(int width) {
  switch (width) {
    case 2:
      return sum_windows<2>;
    case 3:
      return sum_windows<3>;
    case 4:
      return sum_windows<4>;
    case 5:
      return sum_windows<5>;
    case 6:
      return sum_windows<6>;
    default:
      return sum_windows<0>;
  }
}

// Rows of a picture, shrunk only horizontally.
class ShrunkRows {
 public:
  ShrunkRows(const cv::Mat& picture, int width)
      : picture_(picture),
        windows_(windows_of(taps_of(picture.cols, width), picture.cols, width)),
        sum_(sum_windows_of(windows_.width)),
        numbers_(static_cast<std::size_t>(picture.cols) * kChannels + 1),
        sums_(static_cast<std::size_t>(width)) {}

  // The last row is kept, because neighbouring results share it.
  const std::vector<Floats>& at(int row) {
    if (row == row_) return sums_;
    row_ = row;
    const auto* levels = picture_.ptr<std::uint8_t>(row);
    for (std::size_t i = 0; i + 1 < numbers_.size(); ++i) {
      numbers_[i] = static_cast<float>(levels[i]);
    }
    sum_(numbers_, windows_, sums_);
    return sums_;
  }

 private:
  const cv::Mat& picture_;
  Windows windows_;
  SumWindows sum_;
  std::vector<float> numbers_;
  std::vector<Floats> sums_;
  int row_ = -1;
};

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
  if (whole || picture.type() != CV_8UC3) {  // OpenCV has vector code for these
    cv::resize(picture, to, to.size(), 0, 0, cv::INTER_AREA);
    return;
  }
  ShrunkRows rows(picture, to.cols);
  std::vector<Floats> sums(static_cast<std::size_t>(to.cols));
  int at = 0;
  for (const Tap& tap : taps_of(picture.rows, to.rows)) {
    if (tap.to != at) {
      write_row(sums, to.ptr<std::uint8_t>(at));
      std::fill(sums.begin(), sums.end(), Floats{});
      at = tap.to;
    }
    const std::vector<Floats>& row = rows.at(tap.from);
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += row[i] * tap.share;
  }
  write_row(sums, to.ptr<std::uint8_t>(at));
}

}  // namespace fer::image
