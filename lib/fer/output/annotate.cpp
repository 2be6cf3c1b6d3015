#include "fer/output/annotate.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <string>
#include <utility>

#include "fer/output/marker_drawing.h"
#include "fer/output/panel_colours.h"

namespace fer::output {

namespace {

constexpr int kSmallestSide = 320;      // pixels; below it letters cannot be read
constexpr int kLargestEnlarged = 2048;  // a 1x10000 strip must not become a gigapixel
constexpr std::size_t kManyFaces = 5;   // from this many on, markers have lines to their faces
constexpr std::size_t kCrowd = 6;       // more faces than this get small letters

int enlargement(const cv::Size& picture) {
  const int shorter = std::min(picture.width, picture.height);
  const int wanted = (kSmallestSide + shorter - 1) / shorter;
  const int most = kLargestEnlarged / std::max(picture.width, picture.height);
  return std::max(1, std::min(wanted, most));
}

// a, b, …, z, aa, ab, …
std::string letters_of(std::size_t index) {
  std::string letters(1, static_cast<char>('a' + index % 26));
  return index < 26 ? letters : letters_of(index / 26 - 1) + letters;
}

// The faces' names in the legend: their track, or, where no face of the picture has one, their
// number. Beside faces with a track, those without one have letters.
std::vector<std::string> numbers_of(const std::vector<FacePrediction>& faces) {
  const bool tracks = std::any_of(faces.begin(), faces.end(), [](const FacePrediction& face) {
    return face.track.has_value();
  });
  std::vector<std::string> numbers;
  for (std::size_t i = 0, fresh = 0; i < faces.size(); ++i) {
    if (faces[i].track) {
      numbers.push_back(std::to_string(*faces[i].track));
    } else {
      numbers.push_back(tracks ? letters_of(fresh++) : std::to_string(i + 1));
    }
  }
  return numbers;
}

std::vector<MarkerText> texts_of(const std::vector<FacePrediction>& faces, const LabelSet& labels) {
  const std::vector<std::string> numbers = numbers_of(faces);
  std::vector<MarkerText> texts;
  for (std::size_t i = 0; i < faces.size(); ++i) {
    texts.push_back(marker_text(faces[i], labels, numbers[i]));
  }
  return texts;
}

LayoutRequest make_request(const cv::Size& picture, const MarkerStyle& style,
                           const MarkerDrawing& drawing, const std::vector<cv::Rect>& boxes,
                           const std::vector<MarkerDrawing>& drawings,
                           const std::vector<MarkerText>& texts) {
  LayoutRequest request{.picture = picture,
                        .faces = {},
                        .outline = drawing.outline(),
                        .gap = drawing.outline() + style.gap / 2,
                        .near = style.letter_height,
                        .legend_row = drawing.legend_row(texts),
                        .legend_margin = style.gap,
                        .legend_before = {}};
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    FaceToMark& face = request.faces.emplace_back();
    face.box = boxes[i];
    for (std::size_t form = 0; form < kMarkerForms; ++form) {
      face.sizes[form] = drawings[i].size_of(texts[i], static_cast<MarkerForm>(form));
    }
  }
  return request;
}

double median_of(std::vector<double> values) {
  if (values.empty()) return 1.0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

struct Annotator::Markers {
  std::vector<cv::Rect> boxes;          // in the canvas
  std::vector<MarkerDrawing> drawings;  // of each face, in its size
  double share = 1.0;                   // size of the letters that belong to no face
};

Annotator::Annotator(LabelSet labels)
    : labels_(std::move(labels)), colours_(panel_colours(labels_)) {}

void Annotator::start_over() {
  markers_.clear();
  shares_.clear();
  legend_.reset();
  crowd_ = false;
}

Annotator::Markers Annotator::marked(const cv::Size& canvas,
                                     const std::vector<FacePrediction>& faces, int factor) {
  const LetterSize letters = crowd_ ? LetterSize::small : LetterSize::usual;
  Markers markers;
  std::vector<double> shares;
  const auto before = std::exchange(shares_, {});
  for (const FacePrediction& face : faces) {
    const cv::Rect box(face.box.tl() * factor, face.box.size() * factor);
    const auto found = face.track ? before.find(*face.track) : before.end();
    const std::optional<double> former =
        found == before.end() ? std::nullopt : std::optional(found->second);
    shares.push_back(letter_share(canvas, letters, box.height, former));
    if (face.track) shares_[*face.track] = shares.back();
    markers.boxes.push_back(box);
    markers.drawings.emplace_back(MarkerStyle(canvas, letters, shares.back()), labels_, colours_);
  }
  markers.share = median_of(shares);
  return markers;
}

cv::Mat Annotator::draw(const cv::Mat& image, const std::vector<FacePrediction>& faces) {
  if (std::exchange(size_, image.size()) != image.size()) start_over();
  // Once small, letters stay small, so that they do not change size whenever faces come and go.
  crowd_ |= faces.size() > kCrowd;
  const int factor = enlargement(image.size());
  cv::Mat canvas;
  cv::resize(image, canvas, {}, factor, factor, cv::INTER_CUBIC);
  const auto [boxes, drawings, share] = marked(canvas.size(), faces, factor);
  const MarkerStyle style(canvas.size(), crowd_ ? LetterSize::small : LetterSize::usual, share);
  const MarkerDrawing drawing(style, labels_, colours_);
  const std::vector<MarkerText> texts = texts_of(faces, labels_);
  for (std::size_t i = 0; i < faces.size(); ++i) drawing.draw_box(canvas, boxes[i], faces[i]);
  LayoutRequest request = make_request(canvas.size(), style, drawing, boxes, drawings, texts);
  request.legend_before = legend_;
  for (std::size_t i = 0; i < faces.size(); ++i) {
    const auto before = faces[i].track ? markers_.find(*faces[i].track) : markers_.end();
    if (before != markers_.end()) request.faces[i].before = before->second;
  }
  const Layout layout = lay_out(request);
  for (std::size_t i = 0; i < faces.size() && faces.size() >= kManyFaces; ++i) {
    drawings[i].draw_leader(canvas, layout.markers[i], boxes[i], faces[i]);
  }
  for (std::size_t i = 0; i < faces.size(); ++i) {
    drawings[i].draw_marker(canvas, layout.markers[i], texts[i], faces[i]);
  }
  if (layout.legend) drawing.draw_legend(canvas, *layout.legend, texts, faces, layout.markers);
  remember(layout, faces);
  return canvas;
}

void Annotator::remember(const Layout& layout, const std::vector<FacePrediction>& faces) {
  markers_.clear();
  legend_.reset();
  if (layout.legend) legend_ = layout.legend->area;
  for (std::size_t i = 0; i < faces.size(); ++i) {
    if (faces[i].track) markers_[*faces[i].track] = layout.markers[i];
    const bool number = layout.markers[i].form == MarkerForm::number;
    if (number && !layout.legend) ++unexplained_;
  }
}

cv::Mat annotate(const cv::Mat& image, const std::vector<FacePrediction>& faces,
                 const LabelSet& labels) {
  return Annotator(labels).draw(image, faces);
}

}  // namespace fer::output
