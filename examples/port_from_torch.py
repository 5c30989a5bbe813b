"""A training loop that was ported from torch, and only looks finished."""
import mindspore as ms
from mindspore import nn, ops


class Classifier(nn.Cell):
    def __init__(self, classes=10):
        super().__init__()
        self.flatten = nn.Flatten()
        self.body = nn.SequentialCell(nn.Dense(784, 128), nn.ReLU(), nn.Dense(128, 64), nn.ReLU())
        self.head = nn.Dense(64, classes)

    def construct(self, x):
        return self.head(self.body(self.flatten(x)))


def plain_sgd(model):
    # mindspore.nn's optimizers call it learning_rate.
    return nn.SGD(model.trainable_params(), lr=0.01)


def train(dataset, epochs=5):
    model = Classifier()
    criterion = nn.CrossEntropyLoss()
    optimizer = nn.SGD(model.trainable_params(), learning_rate=0.1, momentum=0.9)

    for epoch in range(epochs):
        for image, label in dataset:
            # None of these three exists: a gradient function computes the gradients, and the optimizer is called with them.
            optimizer.zero_grad()
            loss = criterion(model(image), label)
            loss.backward()
            optimizer.step()
        # There are no param_groups either: ops.assign changes a static rate.
        for group in optimizer.param_groups:
            group["lr"] *= 0.5


if __name__ == "__main__":
    images = ops.ones((4, 1, 28, 28), ms.float32)
    labels = ops.zeros((4,), ms.int32)
    train([(images, labels)])
    plain_sgd(Classifier())
