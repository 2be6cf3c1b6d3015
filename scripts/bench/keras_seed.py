"""Trains the seed's network on FER2013 in Keras, as people write it; prints its times as JSON.

    keras_seed.py FILE [--epochs 2] [--threads N] [--target ACCURACY --save FILE --limit-minutes M]

With a target it stops after the first epoch that reaches it on PublicTest, and saves the model;
where that takes longer than the limit it fails.

The recipe of configs/seed.json: three convolutions, 683,527 parameters, Adam at 1e-3, batches of
64, random flip and rotation by up to 10 degrees, float32 on the CPU; validation on PublicTest after
each epoch. Otherwise TensorFlow's and Keras's own defaults.
"""

import argparse
import json
import os
import time

import pandas_csv

BATCH_SIZE = 64
PARAMETERS = 683_527


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", help="FER2013 as Kaggle's CSV")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--target", type=float, help="stop at this validation accuracy, 0 to 1")
    parser.add_argument("--save", help="where the model goes that reached it, FILE.keras")
    parser.add_argument("--limit-minutes", type=float, default=40)
    return parser.parse_args()


def load_splits(path: str):
    """Returns (images [N,48,48,1] float32 in 0..1, labels [N]) for Training and for PublicTest."""
    images, labels, usage = pandas_csv.load(path)
    images = images[..., None].astype("float32") / 255.0
    splits = []
    for name in ("Training", "PublicTest"):
        chosen = usage == name
        splits.append((images[chosen], labels[chosen]))
    return splits


def build_model(keras):
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((48, 48, 1)),
            layers.RandomFlip("horizontal"),
            layers.RandomRotation(10 / 360),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(128, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dropout(0.5),
            layers.Dense(7, activation="softmax"),
        ]
    )
    trainable = sum(
        int(weight.size) for weight in map(keras.ops.convert_to_numpy, model.trainable_weights)
    )
    if trainable != PARAMETERS:
        raise SystemExit(f"this is not the seed's network: {trainable:,} parameters")
    model.compile(
        optimizer=keras.optimizers.Adam(1e-3),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def epoch_timer(keras):
    """A callback whose `seconds` holds the time of each epoch, validation included."""

    class EpochTimer(keras.callbacks.Callback):
        def __init__(self):
            super().__init__()
            self.seconds = []

        def on_epoch_begin(self, epoch, logs=None):
            self.start = time.perf_counter()

        def on_epoch_end(self, epoch, logs=None):
            self.seconds.append(time.perf_counter() - self.start)

    return EpochTimer()


def stop_at(keras, target: float, limit_seconds: float):
    """A callback that ends training at the target, or at the first epoch's end past the limit."""
    start = time.perf_counter()

    class StopAt(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            late = time.perf_counter() - start > limit_seconds
            self.model.stop_training = late or logs["val_accuracy"] >= target

    return StopAt()


def save_reached(model, accuracies: list[float], arguments: argparse.Namespace) -> None:
    if accuracies[-1] < arguments.target:
        raise SystemExit(
            f"did not reach {arguments.target:.0%} within {arguments.limit_minutes:g} minutes, "
            f"{len(accuracies)} epochs; the best was {max(accuracies):.2%}"
        )
    model.save(arguments.save)


def main() -> None:
    arguments = parse_arguments()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.environ["KERAS_BACKEND"] = "tensorflow"
    import tensorflow as tf

    tf.config.set_visible_devices([], "GPU")
    tf.config.threading.set_intra_op_parallelism_threads(arguments.threads)
    tf.config.threading.set_inter_op_parallelism_threads(arguments.threads)
    import keras

    training, validation = load_splits(arguments.file)
    model = build_model(keras)
    timer = epoch_timer(keras)
    callbacks = [timer]
    if arguments.target:
        callbacks.append(stop_at(keras, arguments.target, 60 * arguments.limit_minutes))
    history = model.fit(
        *training,
        batch_size=BATCH_SIZE,
        epochs=arguments.epochs,
        validation_data=validation,
        callbacks=callbacks,
        verbose=0,
    )
    if arguments.target:
        save_reached(model, history.history["val_accuracy"], arguments)
    print(
        json.dumps(
            {
                "epoch_seconds": timer.seconds,
                "train_images": len(training[0]),
                "validation_images": len(validation[0]),
                "validation_accuracy": history.history["val_accuracy"],
            }
        )
    )


if __name__ == "__main__":
    main()
