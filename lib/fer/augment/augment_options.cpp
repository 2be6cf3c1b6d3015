#include "fer/augment/augment_options.h"

#include "fer/core/option_error.h"

namespace fer::augment {

namespace {

void visit_sampling(AugmentOptions& o, OptionVisitor& visitor) {
  visitor.field(Field("rotation", "Random rotation by up to this angle in either direction")
                    .in("degrees")
                    .range(0, 180),
                o.rotation);
  visitor.field(Field("flip", "Mirror half of the training images left to right"), o.flip);
  visitor.field(Field("scale", "Random zoom by a factor from 1 - X to 1 + X").range(0, 0.9),
                o.scale);
  visitor.field(
      Field("shift",
            "Random shift by up to this share of the image's side, horizontally and vertically")
          .range(0, 0.9),
      o.shift);
  visitor.field(Field("shear", "Random shear by up to this angle in either direction")
                    .in("degrees")
                    .range(0, 60),
                o.shear);
  visitor.field(
      Field("crop_padding", "Random crop from the image, padded by this many pixels on each side")
          .in("pixels")
          .range(0, 24),
      o.crop_padding);
}

void visit_pixels(AugmentOptions& o, OptionVisitor& visitor) {
  visitor.field(Field("brightness", "Random brightness: a factor from 1 - X to 1 + X").range(0, 1),
                o.brightness);
  visitor.field(Field("contrast", "Random contrast: a factor from 1 - X to 1 + X").range(0, 1),
                o.contrast);
  visitor.field(
      Field("gamma", "Random gamma correction: an exponent from exp(-X) to exp(X)").range(0, 2),
      o.gamma);
  visitor.field(Field("noise", "Gaussian noise with a random standard deviation of up to this")
                    .in("grey levels")
                    .range(0, 128),
                o.noise);
  visitor.field(Field("blur", "Gaussian blur with a random standard deviation of up to this")
                    .in("pixels")
                    .range(0, 2),
                o.blur);
  visitor.field(Field("erasing",
                      "Random erasing: probability that a box of 2 to 20 % of the area is filled "
                      "with noise (Zhong et al. 2020)")
                    .range(0, 1),
                o.erasing);
  visitor.field(
      Field("cutout", "Cutout: side of a grey square at a random place (DeVries and Taylor 2017)")
          .in("pixels")
          .range(0, 48),
      o.cutout);
  visitor.field(
      Field("camera",
            "Probability that an image is degraded as by a camera: by noise, blur, motion, low "
            "resolution, JPEG, low contrast or uneven light")
          .range(0, 1),
      o.camera);
}

void visit_mixtures(AugmentOptions& o, OptionVisitor& visitor) {
  visitor.field(Field("randaugment",
                      "RandAugment: number of randomly chosen changes per image, in addition to "
                      "those of the other options (Cubuk et al. 2020)")
                    .range(0, 10),
                o.randaugment);
  visitor.field(Field("randaugment_magnitude", "Strength of RandAugment's changes")
                    .only_with("randaugment")
                    .range(0, 10),
                o.randaugment_magnitude);
  visitor.field(Field("mixup",
                      "Mixup: blend two images and their labels with shares drawn from "
                      "Beta(X, X) (Zhang et al. 2018); with " +
                          option("cutmix") + " each gets half of the batches")
                    .range(0, 10),
                o.mixup);
  visitor.field(Field("cutmix",
                      "CutMix: paste a box of another image into each, with areas drawn from "
                      "Beta(X, X) (Yun et al. 2019)")
                    .range(0, 10),
                o.cutmix);
  visitor.field(Field("repeats",
                      "Repeated augmentation: times that an image comes into a batch, augmented "
                      "differently each time; an epoch then has fewer different images (Hoffer et "
                      "al. 2020)")
                    .fixed_on_resume()
                    .range(1, 16),
                o.repeats);
  visitor.field(
      Field("augment_off_last", "Share of the epochs, at the end, in which " + option("flip") +
                                    " and " + option("camera") + " are the only augmentations")
          .range(0, 1),
      o.augment_off_last);
}

AugmentOptions nothing() {
  AugmentOptions options;
  options.rotation = 0.0;
  options.flip = false;
  return options;
}

// Copies one field; whether it is on.
template <auto member>
bool take(const AugmentOptions& from, AugmentOptions& to) {
  to.*member = from.*member;
  return from.*member != nothing().*member;
}

struct Kind {
  const char* name;
  bool (*take)(const AugmentOptions& from, AugmentOptions& to);
};

using A = AugmentOptions;
constexpr Kind kKinds[] = {{"rotation", take<&A::rotation>},
                           {"flip", take<&A::flip>},
                           {"scale", take<&A::scale>},
                           {"shift", take<&A::shift>},
                           {"shear", take<&A::shear>},
                           {"crop_padding", take<&A::crop_padding>},
                           {"brightness", take<&A::brightness>},
                           {"contrast", take<&A::contrast>},
                           {"gamma", take<&A::gamma>},
                           {"noise", take<&A::noise>},
                           {"blur", take<&A::blur>},
                           {"erasing", take<&A::erasing>},
                           {"cutout", take<&A::cutout>},
                           {"camera", take<&A::camera>},
                           {"randaugment", take<&A::randaugment>},
                           {"mixup", take<&A::mixup>},
                           {"cutmix", take<&A::cutmix>}};

}  // namespace

void AugmentOptions::visit(OptionVisitor& visitor) {
  visitor.group("Augmentation");
  visit_sampling(*this, visitor);
  visit_pixels(*this, visitor);
  visit_mixtures(*this, visitor);
}

AugmentOptions AugmentOptions::in_last_epochs() const {
  AugmentOptions options = nothing();
  options.flip = flip;
  options.camera = camera;
  return options;
}

std::vector<NamedAugment> AugmentOptions::each_alone() const {
  std::vector<NamedAugment> alone;
  for (const Kind& kind : kKinds) {
    NamedAugment one{kind.name, nothing()};
    if (kind.take(*this, one.options)) alone.push_back(std::move(one));
  }
  for (NamedAugment& one : alone) one.options.randaugment_magnitude = randaugment_magnitude;
  return alone;
}

}  // namespace fer::augment
