#include "fer/predict/annotate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <opencv2/imgproc.hpp>
#include <string>

#include "fer/core/text.h"

namespace fer {

namespace {

constexpr std::size_t kMostBars = 10;
constexpr int kFont = cv::FONT_HERSHEY_SIMPLEX;
constexpr int kSmallestSide = 320;      // pixels; below it letters cannot be read
constexpr int kLargestEnlarged = 2048;  // a 1x10000 strip is not worth a gigapixel

const cv::Scalar kInk(255, 255, 255);
const cv::Scalar kShade(24, 24, 24);
const cv::Scalar kTrack(90, 90, 90);  // the empty part of a bar

// One colour a class, in label order, repeated where there are more; BGR. Hues apart for the seven
// expressions, all light enough to show on the dark panel.
constexpr std::array<std::array<int, 3>, 7> kPalette = {{{88, 88, 255},
                                                         {80, 200, 130},
                                                         {255, 120, 190},
                                                         {60, 215, 255},
                                                         {255, 170, 80},
                                                         {70, 150, 255},
                                                         {200, 200, 200}}};

cv::Scalar colour_of(std::size_t label) {
  const auto& bgr = kPalette[label % kPalette.size()];
  return {double(bgr[0]), double(bgr[1]), double(bgr[2])};
}

// Sizes in pixels, from the size of the picture.
struct Metrics {
  explicit Metrics(const cv::Size& picture) {
    const int shorter = std::min(picture.width, picture.height);
    line = std::max(1, cvRound(shorter / 300.0));
    letter_scale = std::max(0.36, shorter / 1500.0);
    int baseline = 0;
    const cv::Size text = cv::getTextSize("Ag", kFont, letter_scale, line, &baseline);
    letter_height = text.height;
    row = cvRound(text.height * 1.9);
    gap = std::max(3, text.height / 2);
    bar = text.height * 5;
  }
  int line;             // thickness of boxes
  double letter_scale;  // of cv::putText
  int letter_height;
  int row;  // from one line of text to the next
  int gap;
  int bar;  // length of a full bar
};

int stroke(const Metrics& metrics) { return metrics.letter_scale > 0.8 ? 2 : 1; }

int text_width(const std::string& text, const Metrics& metrics) {
  int baseline = 0;
  return cv::getTextSize(text, kFont, metrics.letter_scale, stroke(metrics), &baseline).width;
}

void write_text(cv::Mat& canvas, const std::string& text, cv::Point foot, const cv::Scalar& colour,
                const Metrics& metrics) {
  cv::putText(canvas, text, foot, kFont, metrics.letter_scale, colour, stroke(metrics),
              cv::LINE_AA);
}

void shade(cv::Mat& canvas, const cv::Rect& area) {
  constexpr double kOpacity = 0.72;
  const cv::Rect inside = area & cv::Rect({0, 0}, canvas.size());
  if (inside.empty()) return;
  cv::Mat part = canvas(inside);
  cv::addWeighted(part, 1.0 - kOpacity, cv::Mat(part.size(), part.type(), kShade), kOpacity, 0.0,
                  part);
}

// The classes that get a bar, in label order.
std::vector<std::size_t> classes_shown(const FacePrediction& face) {
  std::vector<std::size_t> classes(face.probabilities.size());
  std::iota(classes.begin(), classes.end(), std::size_t{0});
  if (classes.size() > kMostBars) {
    std::stable_sort(classes.begin(), classes.end(), [&](std::size_t a, std::size_t b) {
      return face.probabilities[a] > face.probabilities[b];
    });
    classes.resize(kMostBars);
    std::sort(classes.begin(), classes.end());
  }
  return classes;
}

std::string heading(const FacePrediction& face, const LabelSet& labels) {
  const std::string number = face.track ? "#" + std::to_string(*face.track) + " " : "";
  return number + (face.uncertain ? kUncertain : labels.name(face.label())) + " " +
         percent(double{face.probability()}, 0);
}

struct Panel {
  std::string title;
  std::vector<std::size_t> classes;
  int names_width = 0;
  cv::Size size;
};

Panel make_panel(const FacePrediction& face, const LabelSet& labels, const Metrics& metrics) {
  Panel panel{.title = heading(face, labels), .classes = classes_shown(face), .size = {}};
  for (const std::size_t label : panel.classes) {
    panel.names_width = std::max(panel.names_width, text_width(labels.name(label), metrics));
  }
  const int bars_width = panel.names_width + metrics.gap + metrics.bar;
  panel.size.width = std::max(text_width(panel.title, metrics), bars_width) + 2 * metrics.gap;
  panel.size.height = metrics.row * (static_cast<int>(panel.classes.size()) + 1) + metrics.gap;
  return panel;
}

cv::Rect moved_inside(cv::Rect area, const cv::Size& picture) {
  area.x = std::max(0, std::min(area.x, picture.width - area.width));
  area.y = std::max(0, std::min(area.y, picture.height - area.height));
  return area;
}

// Right, left, below or above the face: where it covers the least of what is `taken`.
cv::Rect place_panel(const cv::Size& size, const cv::Rect& box, const cv::Size& picture,
                     const std::vector<cv::Rect>& taken, int gap) {
  const std::array<cv::Point, 4> corners = {{{box.br().x + gap, box.y},
                                             {box.x - gap - size.width, box.y},
                                             {box.x, box.br().y + gap},
                                             {box.x, box.y - gap - size.height}}};
  cv::Rect best;
  double least = std::numeric_limits<double>::infinity();
  for (const cv::Point& corner : corners) {
    const cv::Rect area = moved_inside({corner, size}, picture);
    double covered = 0.0;
    for (const cv::Rect& other : taken) covered += (area & other).area();
    if (covered < least) {
      least = covered;
      best = area;
    }
  }
  return best;
}

void draw_panel(cv::Mat& canvas, const Panel& panel, const cv::Rect& area,
                const FacePrediction& face, const LabelSet& labels, const Metrics& metrics) {
  shade(canvas, area);
  const int left = area.x + metrics.gap;
  int foot = area.y + metrics.row - metrics.gap / 2;
  write_text(canvas, panel.title, {left, foot}, colour_of(face.label()), metrics);
  const int bars = left + panel.names_width + metrics.gap;
  for (const std::size_t label : panel.classes) {
    foot += metrics.row;
    write_text(canvas, labels.name(label), {left, foot}, kInk, metrics);
    const cv::Rect full(bars, foot - metrics.letter_height, metrics.bar, metrics.letter_height);
    cv::rectangle(canvas, full, kTrack, cv::FILLED);
    const int length = cvRound(metrics.bar * double{face.probabilities[label]});
    if (length > 0) {
      cv::rectangle(canvas, {full.x, full.y, length, full.height}, colour_of(label), cv::FILLED);
    }
  }
}

int enlargement(const cv::Size& picture) {
  const int shorter = std::min(picture.width, picture.height);
  const int wanted = (kSmallestSide + shorter - 1) / shorter;
  const int most = kLargestEnlarged / std::max(picture.width, picture.height);
  return std::max(1, std::min(wanted, most));
}

void draw_box(cv::Mat& canvas, const cv::Rect& box, const cv::Scalar& colour,
              const Metrics& metrics) {
  // A dark line around the coloured one shows on any background.
  cv::rectangle(canvas, box, kShade, metrics.line * 3, cv::LINE_AA);
  cv::rectangle(canvas, box, colour, metrics.line, cv::LINE_AA);
}

}  // namespace

cv::Mat annotate(const cv::Mat& image, const std::vector<FacePrediction>& faces,
                 const LabelSet& labels) {
  const int factor = enlargement(image.size());
  cv::Mat canvas;
  cv::resize(image, canvas, {}, factor, factor, cv::INTER_CUBIC);
  const Metrics metrics(canvas.size());
  std::vector<cv::Rect> taken;
  for (const FacePrediction& face : faces) {
    taken.emplace_back(face.box.tl() * factor, face.box.size() * factor);
    draw_box(canvas, taken.back(), colour_of(face.label()), metrics);
  }
  for (std::size_t i = 0; i < faces.size(); ++i) {
    const Panel panel = make_panel(faces[i], labels, metrics);
    const cv::Rect area =
        place_panel(panel.size, taken[i], canvas.size(), taken, metrics.gap + metrics.line);
    draw_panel(canvas, panel, area, faces[i], labels, metrics);
    taken.push_back(area);
  }
  return canvas;
}

}  // namespace fer
