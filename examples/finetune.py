"""Fine-tuning with a small rate for the body and a large one for the head. It runs, and the head is never trained."""
from mindspore import nn


class Classifier(nn.Cell):
    def __init__(self, classes=10):
        super().__init__()
        self.body = nn.SequentialCell(nn.Dense(784, 128), nn.ReLU())
        self.head = nn.Dense(128, classes)

    def construct(self, x):
        return self.head(self.body(x))


def parameter_groups(net, lr):
    # A filter object can be read once, and MindSpore reads it twice: the second time it is empty.
    head = filter(lambda p: p.name.startswith("head"), net.trainable_params())
    body = [p for p in net.trainable_params() if not p.name.startswith("head")]
    return [
        {"params": head, "lr": lr},
        {"params": body, "lr": lr * 0.01},
    ]


def main():
    net = Classifier()
    optimizer = nn.Adam(parameter_groups(net, 1e-3), learning_rate=1e-3)
    print(len(net.trainable_params()), "parameters in the network,", len(optimizer.parameters), "in the optimizer")


if __name__ == "__main__":
    main()
