"""An image classifier that was moved from PyTorch to MindSpore. ported.py is how it looked before."""
import argparse

import numpy as np

import mindspore as ms
import mindspore.dataset as ds
from mindspore import nn, ops
from mindspore.nn.learning_rate_schedule import LearningRateSchedule
from mindspore.train import Model


# Data

class Digits:
    """Squares and crosses of 8 by 8 pixels, with noise."""

    def __init__(self, count, seed):
        random = np.random.default_rng(seed)
        self.labels = random.integers(0, 2, count).astype(np.int32)
        self.images = random.normal(0.0, 0.3, (count, 1, 8, 8)).astype(np.float32)
        for image, label in zip(self.images, self.labels):
            if label:
                image[0, 2:6, 2:6] += 1.0
            else:
                image[0, range(8), range(8)] += 1.0

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        return self.images[index], self.labels[index]


def loader(count, batch_size, seed, shuffle=True):
    dataset = ds.GeneratorDataset(Digits(count, seed), ["image", "label"], shuffle=shuffle)
    return dataset.batch(batch_size, drop_remainder=True)


# Model

class Block(nn.Cell):
    def __init__(self, channels_in, channels_out):
        super().__init__()
        self.conv = nn.Conv2d(channels_in, channels_out, 3, has_bias=True)
        self.norm = nn.BatchNorm2d(channels_out)
        self.relu = nn.ReLU()

    def construct(self, x):
        return self.relu(self.norm(self.conv(x)))


class Classifier(nn.Cell):
    def __init__(self, classes=2):
        super().__init__()
        self.backbone = nn.SequentialCell(Block(1, 8), Block(8, 8))
        self.flatten = nn.Flatten()
        self.head = nn.Dense(8 * 8 * 8, classes)

    def construct(self, x):
        return self.head(self.flatten(self.backbone(x)))


# Optimizers and schedules

class WarmupCosine(LearningRateSchedule):
    """Up in a straight line, then down along a cosine."""

    def __init__(self, base_lr, warmup, total):
        super().__init__()
        self.base_lr = base_lr
        self.warmup = warmup
        self.total = total
        self.pi = ms.Tensor(np.pi, ms.float32)

    def construct(self, global_step):
        step = ops.cast(global_step, ms.float32)
        if step < self.warmup:
            return self.base_lr * (step + 1.0) / self.warmup
        return self.base_lr * 0.5 * (1.0 + ops.cos(self.pi * step / self.total))


class SignSGD(nn.Optimizer):
    """Steps of one size."""

    def __init__(self, params, lr):
        super().__init__(lr, params)

    def construct(self, gradients):
        rate = self.get_lr()
        self.assignadd(self.global_step, self.global_step_increase_tensor)
        done = True
        for parameter, gradient in zip(self.parameters, gradients):
            done = ops.depend(done, ops.assign_sub(parameter, rate * ops.sign(gradient)))
        return done


def parameter_groups(model, lr, weight_decay):
    """The head with its own rate; nothing that has one dimension is decayed."""
    decay = [p for p in model.trainable_params() if p.ndim > 1]
    head_lr = lr * 10
    no_decay = list(filter(lambda p: p.ndim <= 1, model.trainable_params()))
    return [
        {"params": decay, "lr": head_lr, "weight_decay": weight_decay},
        {"params": no_decay, "weight_decay": 0.0},
        {"order_params": model.trainable_params()},
    ]


def build_optimizer(args, model):
    params = model.trainable_params()
    if args.optimizer == "sgd":
        return nn.SGD(params, learning_rate=args.lr, momentum=0.9)
    if args.optimizer == "adam":
        return nn.Adam(params, learning_rate=args.lr, beta1=0.9, beta2=0.999)
    if args.optimizer == "adamw":
        return nn.AdamWeightDecay(params, learning_rate=args.lr, weight_decay=args.weight_decay)
    if args.optimizer == "adagrad":
        return nn.Adagrad(params, learning_rate=args.lr)
    if args.optimizer == "head":
        return nn.SGD(model.head.trainable_params(), learning_rate=args.lr)
    if args.optimizer == "cosine":
        return nn.Momentum(params, WarmupCosine(args.lr, 10, 100), momentum=0.9)
    if args.optimizer == "nesterov":
        return nn.SGD(params, args.lr, momentum=0.9, nesterov=True)
    if args.optimizer == "annealed":
        return nn.SGD(params, nn.CosineDecayLR(0.0, args.lr, 100))
    if args.optimizer == "rmsprop":
        return nn.RMSProp(params, args.lr, weight_decay=1e-4)
    if args.optimizer == "sign":
        return SignSGD(params, args.lr)
    groups = parameter_groups(model, args.lr, args.weight_decay)
    return nn.Momentum(groups, learning_rate=args.lr, momentum=0.9)


# Training

def train_one_epoch(model, dataset, criterion, optimizer):
    model.set_train()

    def forward(image, label):
        return criterion(model(image), label)

    grad_fn = ms.value_and_grad(forward, None, optimizer.parameters)
    losses = []
    for image, label in dataset.create_tuple_iterator():
        loss, grads = grad_fn(image, label)
        optimizer(grads)
        losses.append(float(loss.asnumpy()))
    return sum(losses) / len(losses)


def evaluate(model, dataset):
    model.set_train(False)
    right = total = 0
    for image, label in dataset.create_tuple_iterator():
        right += int((model(image).argmax(1) == label).sum().asnumpy())
        total += label.shape[0]
    return right / total


def fit(args):
    model = Classifier()
    criterion = nn.CrossEntropyLoss()
    optimizer = nn.Momentum(model.trainable_params(), learning_rate=args.lr, momentum=0.9, weight_decay=1e-4)
    best = 0.0
    for epoch in range(args.epochs):
        loss = train_one_epoch(model, loader(256, 32, seed=epoch), criterion, optimizer)
        accuracy = evaluate(model, loader(128, 32, seed=1000, shuffle=False))
        if epoch % 2 == 1:
            ops.assign(optimizer.learning_rate, optimizer.learning_rate * 0.5)
        print(f"epoch {epoch}: loss {loss:.4f}, accuracy {accuracy:.3f}, rate {float(optimizer.get_lr().asnumpy()):.4f}")
        if accuracy > best:
            best = accuracy
            ms.save_checkpoint(model, "best.ckpt")
    return model, optimizer


def fine_tune(args, checkpoint):
    """Only the head, and slower where it goes wrong."""
    model = Classifier()
    ms.load_param_into_net(model, ms.load_checkpoint(checkpoint))
    optimizer = nn.SGD(model.head.trainable_params(), learning_rate=args.lr)
    forward = ms.value_and_grad(lambda x, y: nn.CrossEntropyLoss()(model(x), y), None, optimizer.parameters)
    for image, label in loader(256, 32, seed=2000).create_tuple_iterator():
        loss, grads = forward(image, label)
        optimizer(grads)
        if float(loss.asnumpy()) > 10.0:
            ops.assign(optimizer.learning_rate, ms.Tensor(args.lr / 10, ms.float32))
    print("rate at the end:", float(optimizer.get_lr().asnumpy()))
    return model


def fit_with_model(args):
    model = Classifier()
    optimizer = nn.AdamWeightDecay(model.trainable_params(), learning_rate=args.lr, weight_decay=args.weight_decay)
    trainer = Model(model, loss_fn=nn.CrossEntropyLoss(), optimizer=optimizer)
    trainer.train(args.epochs, loader(256, 32, seed=0), dataset_sink_mode=False)
    print("with Model:", evaluate(model, loader(128, 32, seed=1000, shuffle=False)))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lr", type=float, default=0.01)
    parser.add_argument("--weight-decay", type=float, default=1e-4)
    parser.add_argument("--epochs", type=int, default=4)
    args = parser.parse_args()
    names = "sgd adam adamw adagrad head cosine nesterov annealed rmsprop sign momentum"
    for args.optimizer in names.split():
        model = Classifier()
        optimizer = build_optimizer(args, model)
        loss = [train_one_epoch(model, loader(256, 32, seed), nn.CrossEntropyLoss(), optimizer) for seed in (0, 1)]
        print(f"{args.optimizer}: loss {loss[0]:.4f}, then {loss[1]:.4f}")
    fit(args)
    print("fine-tuned:", evaluate(fine_tune(args, "best.ckpt"), loader(128, 32, seed=1000, shuffle=False)))
    fit_with_model(args)


if __name__ == "__main__":
    main()
