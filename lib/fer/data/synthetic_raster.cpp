#include "fer/data/synthetic_raster.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace fer::data {

namespace {

constexpr int kRowSamples = 4;  // sample lines a pixel row; along a line, coverage is exact

using RowCoverage = std::array<float, kFaceSide>;

Point centre_of(int column, int row) { return {column + 0.5, row + 0.5}; }

std::size_t index_of(int column, int row) {
  return static_cast<std::size_t>(row) * kFaceSide + static_cast<std::size_t>(column);
}

int clamp_to_side(double value) {
  return static_cast<int>(std::clamp(value, 0.0, static_cast<double>(kFaceSide)));
}

// Finds the crossings of the closed polygon with the horizontal line at `y`, from left to right.
void find_crossings(const Path& outline, double y, std::vector<double>& crossings) {
  crossings.clear();
  const Point* previous = &outline.back();
  for (const Point& point : outline) {
    if ((previous->y <= y) != (point.y <= y)) {
      const double along = (y - previous->y) / (point.y - previous->y);
      crossings.push_back(previous->x + along * (point.x - previous->x));
    }
    previous = &point;
  }
  std::sort(crossings.begin(), crossings.end());
}

void add_span(double left, double right, RowCoverage& coverage) {
  left = std::max(left, 0.0);
  right = std::min(right, static_cast<double>(kFaceSide));
  for (int column = clamp_to_side(left); column < right; ++column) {
    const double covered = std::min(right, column + 1.0) - std::max(left, column + 0.0);
    coverage[static_cast<std::size_t>(column)] += static_cast<float>(covered / kRowSamples);
  }
}

// Calls visit(column, row, coverage in (0, 1]) for every pixel that the polygon touches.
template <class Visit>
void cover(const Path& outline, const Visit& visit) {
  if (outline.size() < 3) return;
  const auto [top, bottom] = std::minmax_element(
      outline.begin(), outline.end(), [](const Point& a, const Point& b) { return a.y < b.y; });
  std::vector<double> crossings;
  for (int row = clamp_to_side(top->y); row < clamp_to_side(std::ceil(bottom->y)); ++row) {
    RowCoverage coverage{};
    for (int sample = 0; sample < kRowSamples; ++sample) {
      find_crossings(outline, row + (sample + 0.5) / kRowSamples, crossings);
      for (std::size_t i = 0; i + 1 < crossings.size(); i += 2) {
        add_span(crossings[i], crossings[i + 1], coverage);
      }
    }
    for (int column = 0; column < kFaceSide; ++column) {
      const float covered = coverage[static_cast<std::size_t>(column)];
      if (covered > 0) visit(column, row, std::min(covered, 1.0F));
    }
  }
}

// A number of mean 0 and variance 1 that is nearly normal: the sum of four 16-bit uniforms. All
// integers up to the last step, so that it is the same on every machine.
double nearly_normal(RandomStream& stream) {
  const std::uint64_t bits = stream.next();
  const auto lane = [bits](int shift) {
    return static_cast<double>((bits >> shift) & 0xffffU) / 65535.0;
  };
  // Four uniforms over [0, 1] have mean 2 and variance 4/12.
  constexpr double kInverseDeviation = 1.7320508075688772;
  return (lane(0) + lane(16) + lane(32) + lane(48) - 2.0) * kInverseDeviation;
}

}  // namespace

Path smooth_curve(const Path& knots, int steps) {
  if (knots.size() < 2) return knots;
  Path curve;
  curve.reserve((knots.size() - 1) * static_cast<std::size_t>(steps) + 1);
  for (std::size_t i = 0; i + 1 < knots.size(); ++i) {
    const Point& from = knots[i];
    const Point& to = knots[i + 1];
    const Point& before = knots[i == 0 ? 0 : i - 1];
    const Point& after = knots[std::min(i + 2, knots.size() - 1)];
    for (int step = 0; step < steps; ++step) {
      const double t = static_cast<double>(step) / steps;
      const auto blend = [t](double a, double b, double c, double d) {
        return 0.5 * (2 * b + t * ((c - a) + t * ((2 * a - 5 * b + 4 * c - d) +
                                                  t * (3 * b - a - 3 * c + d))));
      };
      curve.push_back(
          {blend(before.x, from.x, to.x, after.x), blend(before.y, from.y, to.y, after.y)});
    }
  }
  curve.push_back(knots.back());
  return curve;
}

Path ribbon(const Path& line, double start, double middle, double end) {
  if (line.size() < 2) return {};
  Path outline(2 * line.size());
  const std::size_t last = line.size() - 1;
  for (std::size_t i = 0; i <= last; ++i) {
    const Point& before = line[i == 0 ? 0 : i - 1];
    const Point& after = line[std::min(i + 1, last)];
    const Point along{after.x - before.x, after.y - before.y};
    const double length = std::max(std::sqrt(along.x * along.x + along.y * along.y), 1e-9);
    const double t = static_cast<double>(i) / static_cast<double>(last);
    // The parabola through the three radii.
    const double radius =
        start * (1 - t) * (1 - 2 * t) + middle * 4 * t * (1 - t) + end * t * (2 * t - 1);
    const Point offset{-along.y / length * radius, along.x / length * radius};
    outline[i] = {line[i].x + offset.x, line[i].y + offset.y};
    outline[2 * last + 1 - i] = {line[i].x - offset.x, line[i].y - offset.y};
  }
  return outline;
}

void Canvas::fill(const Path& outline, double tone, double opacity) {
  const auto paint = static_cast<float>(tone);
  const auto strength = static_cast<float>(opacity);
  cover(outline, [&](int column, int row, float covered) {
    float& pixel = tones_[index_of(column, row)];
    pixel += covered * strength * (paint - pixel);
  });
}

void Canvas::change(const Path& outline, const Change& change) {
  cover(outline, [&](int column, int row, float covered) {
    float& pixel = tones_[index_of(column, row)];
    const auto changed = static_cast<float>(change(centre_of(column, row), pixel));
    pixel += covered * (changed - pixel);
  });
}

void Canvas::change_all(const Change& change) {
  for (int row = 0; row < kFaceSide; ++row) {
    for (int column = 0; column < kFaceSide; ++column) {
      float& pixel = tones_[index_of(column, row)];
      pixel = static_cast<float>(change(centre_of(column, row), pixel));
    }
  }
}

void Canvas::spot(Point centre, double radius_x, double radius_y, Point axis, double tone,
                  double opacity) {
  const double reach = std::max(radius_x, radius_y);
  for (int row = clamp_to_side(centre.y - reach); row < clamp_to_side(centre.y + reach + 1);
       ++row) {
    for (int column = clamp_to_side(centre.x - reach); column < clamp_to_side(centre.x + reach + 1);
         ++column) {
      const Point at{centre_of(column, row).x - centre.x, centre_of(column, row).y - centre.y};
      const double along = (at.x * axis.x + at.y * axis.y) / radius_x;
      const double across = (at.y * axis.x - at.x * axis.y) / radius_y;
      const double inside = 1 - along * along - across * across;
      if (inside <= 0) continue;
      float& pixel = tones_[index_of(column, row)];
      pixel += static_cast<float>(opacity * inside * inside * (tone - pixel));
    }
  }
}

void Canvas::blur(double weight) {
  const auto side = static_cast<float>(weight);
  const float middle = 1 - 2 * side;
  const auto pass = [&](auto index) {
    for (int line = 0; line < kFaceSide; ++line) {
      float before = tones_[index(line, 0)];
      for (int i = 0; i < kFaceSide; ++i) {
        const float here = tones_[index(line, i)];
        const float after = tones_[index(line, std::min(i + 1, kFaceSide - 1))];
        tones_[index(line, i)] = side * (before + after) + middle * here;
        before = here;
      }
    }
  };
  pass([](int line, int i) { return index_of(i, line); });
  pass([](int line, int i) { return index_of(line, i); });
}

FacePixels Canvas::pixels(double noise, RandomStream stream) const {
  FacePixels pixels;
  for (std::size_t i = 0; i < kFacePixels; ++i) {
    const double tone = static_cast<double>(tones_[i]) + noise * nearly_normal(stream);
    pixels[i] = static_cast<std::uint8_t>(std::clamp(tone, 0.0, 1.0) * 255 + 0.5);
  }
  return pixels;
}

}  // namespace fer::data
